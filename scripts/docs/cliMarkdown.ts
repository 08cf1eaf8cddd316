/** The commands as their own help shows them, the options that most of them take said once. */
import { withConfigOptions } from '../../packages/collector/src/cli/configOptions.ts';
import type { createProgram } from '../../packages/collector/src/cli/program.ts';

/** Of commander, which is a dependency of the collector only. */
type Command = Awaited<ReturnType<typeof createProgram>>;
type IsHidden = (option: { flags: string; description: string }) => boolean;

/** The page must be the same in any terminal. */
const COLUMNS = 110;

export function cliMarkdown(program: Command): string {
  const common = withConfigOptions(program.createCommand('mcp-vitals <command>'));
  const isCommon: IsHidden = ({ flags, description }) =>
    isHelp({ flags }) || common.options.some((option) => option.flags === flags && option.description === description);
  const sections = program.commands.flatMap((command) => [
    `## mcp-vitals ${command.name()}`,
    helpBlock(command, isCommon),
    ...command.commands.flatMap((each) => [
      `### mcp-vitals ${command.name()} ${each.name()}`,
      helpBlock(each, isCommon),
    ]),
  ]);
  return ['Most commands take these as well:', helpBlock(common, isHelp), ...sections].join('\n\n');
}

const isHelp = ({ flags }: { flags: string }) => flags === '-h, --help';

function helpBlock(command: Command, isHidden: IsHidden): string {
  const help = command.createHelp();
  let text = '';
  command
    .configureOutput({
      writeOut: (part) => {
        text += part;
      },
      getOutHelpWidth: () => COLUMNS,
      getOutHasColors: () => false,
    })
    .configureHelp({
      helpWidth: COLUMNS,
      visibleOptions: (each) => help.visibleOptions(each).filter((option) => !isHidden(option)),
      // The help of help helps nobody.
      visibleCommands: (each) => help.visibleCommands(each).filter((one) => one.name() !== 'help'),
    })
    .outputHelp();
  return ['```text', text.trim(), '```'].join('\n');
}
