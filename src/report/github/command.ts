import { visible } from '../../diagnostics/code-frame.ts';
import { redact } from '../../lib/redact.ts';

const escapes: Record<string, string> = { '%': '%25', '\r': '%0D', '\n': '%0A', ':': '%3A', ',': '%2C' };

/** Hidden before it is escaped: an escaped key would not be found. */
const safe = (text: string): string => visible(redact(text));

/** A workflow command of GitHub Actions: `::error file=a.yaml,line=3::message`. No text can end it or start another. */
export function workflowCommand(
  name: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const given = Object.entries(properties).map(
    ([key, value]) =>
      `${key}=${safe(String(value)).replace(/[%\r\n:,]/g, (character) => escapes[character] ?? character)}`,
  );
  const data = safe(message).replace(/[%\r\n]/g, (character) => escapes[character] ?? character);
  return `::${name} ${given.join(',')}::${data}`;
}

/** True where GitHub Actions runs this: it obeys lines of our output that look like its commands. */
export function inGitHubActions(env: Readonly<Record<string, string | undefined>>): boolean {
  return env.GITHUB_ACTIONS === 'true';
}

/**
 * A text for standard output. In GitHub Actions a line of it that begins with `::` would be obeyed, whoever wrote it:
 * there it is between commands that switch commands off and, by a word that nobody could foresee, on again.
 */
export function withoutCommands(text: string, env: Readonly<Record<string, string | undefined>>): string {
  if (!inGitHubActions(env)) return text;
  const word = process.getBuiltinModule('node:crypto').randomUUID();
  return `::stop-commands::${word}\n${text.replace(/\n$/, '')}\n::${word}::\n`;
}
