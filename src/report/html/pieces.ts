import type { Verdict } from '../../judge/results.ts';
import { escapeHtml } from './escape.ts';

/** A verdict in its colour; with an anchor, a link. */
export function badge(verdict: Verdict | 'warned', anchor?: string): string {
  return anchor === undefined
    ? `<b class="badge ${verdict}">${verdict}</b>`
    : `<a class="badge ${verdict}" href="#${anchor}">${verdict}</a>`;
}

/** So many characters of a text are sure to fit without scrolling; longer ones can be scrolled by keyboard. */
const short = 600;

/** A text with its title. */
export function block(title: string, text: string): string {
  const scrolls = text.length > short || text.split('\n', 16).length > 15;
  const reach = scrolls ? ` tabindex="0" role="region" aria-label="${escapeHtml(title)}"` : '';
  return `<h3>${escapeHtml(title)}</h3><pre${reach}>${escapeHtml(text)}</pre>`;
}
