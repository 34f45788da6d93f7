import type { Verdict } from '../../judge/results.ts';

const entities: Record<string, string> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What HTML takes for markup, controls but for new lines and tabs, and marks that turn the direction of reading. */
// oxlint-disable-next-line no-control-regex -- just these are meant
const unsafe = /[<>&"'\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Text as HTML: inert, whatever a model wrote. Controls and marks of direction are shown as a box. */
export function escapeHtml(text: string): string {
  return text.replace(unsafe, (character) => entities[character] ?? '\uFFFD');
}

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
