/** A text with LF line ends. A checkout on Windows, which may write CRLF, means the same text. */
export function withUnixLines(text: string): string {
  return text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
}

/** A text as texts are compared: in NFC, with LF line ends. */
export function comparable(text: string): string {
  return withUnixLines(text).normalize('NFC');
}
