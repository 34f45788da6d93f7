const entities: Record<string, string> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML: inert, whatever a model wrote. Controls and marks that turn the direction of reading are shown as a box. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[<>&"']/g, (character) => entities[character] ?? character)
    .replace(/[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, (character) =>
      character === '\n' || character === '\t' ? character : '\uFFFD',
    );
}
