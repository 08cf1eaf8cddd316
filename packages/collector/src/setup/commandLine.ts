/** What can be told of a command without running it: its name, and where Node's options end and its script begins. */

/** Node's options that take the next word as their value; all others carry it after `=`. */
const OPTIONS_WITH_VALUE = new Set([
  ...['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--conditions'],
  ...['-e', '--eval', '-p', '--print', '-pe', '--input-type', '--icu-data-dir', '--title', '--redirect-warnings'],
  ...['--diagnostic-dir', '--env-file', '--env-file-if-exists', '--stack-trace-limit', '--dns-result-order'],
  ...['--inspect-port', '--unhandled-rejections', '--disable-warning', '--watch-path', '--openssl-config'],
]);

/** The last part of a command's path in small letters, without what an operating system appends to programs. */
export function commandName(command: string): string {
  const last = command.split(/[\\/]/).at(-1) ?? '';
  return last.toLowerCase().replace(/\.(exe|cmd|bat|ps1|[cm]?js)$/, '');
}

export function isNode(command: string): boolean {
  return /^node(js)?$/.test(commandName(command)) && !/\.[cm]?js$/i.test(command);
}

/** The index of the script among Node's arguments; undefined when the command is not Node or there is no script. */
export function nodeScript(command: string, args: readonly string[]): number | undefined {
  if (!isNode(command)) return undefined;
  const end = endOfOptions(args);
  return end < args.length ? end : undefined;
}

/** The words of a Node command that are options of Node and their values. */
export function nodeOptions(command: string, args: readonly string[]): readonly string[] {
  return isNode(command) ? args.slice(0, endOfOptions(args)) : [];
}

function endOfOptions(args: readonly string[]): number {
  let index = 0;
  while (index < args.length) {
    const word = args[index]!;
    if (word === '--') return index + 1;
    if (!word.startsWith('-') || word === '-') return index;
    index += OPTIONS_WITH_VALUE.has(word) ? 2 : 1;
  }
  return index;
}

/** The name of a script's package where it is an installed one, else of its file: what it is known by. */
export function scriptName(path: string): string {
  const inPackage = /^.*[\\/]node_modules[\\/](?!\.bin[\\/])((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(path)?.[1];
  return inPackage?.replace('\\', '/') ?? commandName(path);
}

/** What options ask Node to import before the program: the values of `--import`, in either spelling. */
export function importsOf(options: readonly string[]): string[] {
  return options.flatMap((word, index) => {
    if (word.startsWith('--import=')) return [word.slice('--import='.length)];
    return word === '--import' && options[index + 1] !== undefined ? [options[index + 1]!] : [];
  });
}

/** The words of a `NODE_OPTIONS` text, which Node splits at spaces outside of double quotes. */
export function wordsOfNodeOptions(text: string): string[] {
  const words = text.match(/(?:"(?:\\.|[^"\\])*"?|[^ "])+/g) ?? [];
  return words.map((word) =>
    word.replace(/"((?:\\.|[^"\\])*)"?/g, (_, inner: string) => inner.replace(/\\(.)/g, '$1')),
  );
}
