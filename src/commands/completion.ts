import { Argument, type Command } from 'commander';
import type { Context, Finish } from './context.ts';

const scripts = { bash, zsh, fish };
type Shell = keyof typeof scripts;

/** `assay completion`: its help. `program` must hold every command. */
export function addCompletion(program: Command, { out }: Context, finish: Finish): void {
  program
    .command('completion')
    .description('Print a script that completes commands, options and files in your shell.')
    .addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(scripts)))
    .addHelpText(
      'after',
      `
Examples:
  assay completion bash >> ~/.bashrc
  assay completion zsh > "\${fpath[1]}/_assay"
  assay completion fish > ~/.config/fish/completions/assay.fish`,
    )
    .action((shell: Shell) => {
      out.write(scripts[shell](program.commands.map(wordsOf)));
      finish(0);
    });
}

/** What can follow a command. */
interface Words {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly {
    readonly name: string;
    readonly summary: string;
    /** Takes a value: the shell completes a file there. */
    readonly takesValue: boolean;
  }[];
  /** The values that its argument may have; none where it is a path. */
  readonly choices: readonly string[];
}

function wordsOf(command: Command): Words {
  return {
    name: command.name(),
    summary: firstClause(command.description()),
    flags: command.options.map(({ long, description, required, optional }) => ({
      name: long ?? '',
      summary: firstClause(description),
      takesValue: required || optional,
    })),
    choices: command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
  };
}

/** Short enough for a menu, and without what shells read as their own. */
function firstClause(text: string): string {
  return (/^[^;:,.(]*/.exec(text)?.[0] ?? '').replace(/['"[\]:`$\\]/g, '').trim();
}

function bash(commands: readonly Words[]): string {
  const cases = commands.map(
    ({ name, flags, choices }) =>
      `    ${name}) flags="${[...flags.map((flag) => flag.name), '--help'].join(' ')}" words="${choices.join(' ')}" ;;`,
  );
  const valued = new Set(
    commands.flatMap(({ flags }) => flags.filter((flag) => flag.takesValue).map(({ name }) => name)),
  );
  return `_assay() {
  local current="\${COMP_WORDS[COMP_CWORD]}" flags words
  if [ "$COMP_CWORD" -eq 1 ]; then
    flags="--help --version" words="${commands.map(({ name }) => name).join(' ')}"
  else case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac; fi
  case "\${COMP_WORDS[COMP_CWORD-1]}" in ${[...valued].join('|')}) return ;; esac
  if [[ $current == -* ]]; then words=$flags; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
# Where no word fits, the shell completes file names.
complete -o default -F _assay assay
`;
}

function zsh(commands: readonly Words[]): string {
  const cases = commands.map(({ name, flags, choices }) => {
    const options = flags.map(
      (flag) => `'${flag.name}[${flag.summary}]${flag.takesValue ? ':value:_files' : ''}'`,
    );
    const rest = choices.length > 0 ? `'*:value:(${choices.join(' ')})'` : "'*:file:_files'";
    return `    ${name}) _arguments ${[...options, rest].join(' ')} ;;`;
  });
  return `#compdef assay
_assay() {
  if (( CURRENT == 2 )); then
    local -a commands=(${commands.map(({ name, summary }) => `'${name}:${summary}'`).join(' ')})
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
# Loaded from fpath it is called at once; sourced, it registers itself.
if [ "$funcstack[1]" = "_assay" ]; then _assay "$@"; else compdef _assay assay; fi
`;
}

function fish(commands: readonly Words[]): string {
  const lines = commands.flatMap(({ name, summary, flags, choices }) => {
    const inside = `complete -c assay -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c assay -n __fish_use_subcommand -f -a ${name} -d '${summary}'`,
      ...flags.map(
        (flag) => `${inside} -l ${flag.name.slice(2)}${flag.takesValue ? ' -r' : ''} -d '${flag.summary}'`,
      ),
      ...(choices.length > 0 ? [`${inside} -f -a '${choices.join(' ')}'`] : []),
    ];
  });
  return `${lines.join('\n')}\n`;
}
