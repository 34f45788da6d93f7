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
