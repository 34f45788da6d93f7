const entities: Record<string, string> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};

// oxlint-disable-next-line no-control-regex -- just these are not allowed in XML 1.0
const impossible = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/gu;

/** Text between XML 1.0 tags: invalid characters are replaced, and characters that a parser would change are written as references. */
export function xmlText(text: string): string {
  return text
    .replace(impossible, '\uFFFD')
    .replace(/[<>&\r]/g, (character) => entities[character] ?? character);
}

/** Text of an XML 1.0 attribute: as {@link xmlText}, with quotes and white space kept from the parser too. */
export function xmlAttribute(text: string): string {
  return text
    .replace(impossible, '\uFFFD')
    .replace(/[<>&"'\r\n\t]/g, (character) => entities[character] ?? character);
}
