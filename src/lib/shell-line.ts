/** Words quoted for a POSIX shell. */
export function shellLine(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

/** The command line that continues a run, made of the one that began it. */
export function resumeLine(commandLine: readonly string[]): string {
  return shellLine(
    commandLine.includes('--resume') ? commandLine : ['run', '--resume', ...commandLine.slice(1)],
  );
}
