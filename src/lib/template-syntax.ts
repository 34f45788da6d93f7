/** `{{name}}` and `{{name.part}}`, spaces allowed; the path is the first group. */
export const nameInBraces = /\{\{\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*\}\}/g;
/** Words that the grammar takes for something else than a variable. */
const words = /\{\{\s*(?:[\w.]+\.)?(?:else|this|true|false|null|undefined)\b/;

/** Whether a text has only templates of plain names, which need no parser. */
export function isPlainTemplate(text: string): boolean {
  if (!text.includes('{{')) return true;
  return (
    !words.test(text) && !/\\\{\{|\{\{\{|\}\}\}/.test(text) && !text.replace(nameInBraces, '').includes('{{')
  );
}
