/** A plan in a few lines, for a model or a person. */
import type { Advice, Effect, Plan, PlannedAction } from '../../../model/optimization/plan.ts';
import type { PolicyRecord } from '../../../model/optimization/policyRecord.ts';
import { quoteUntrusted } from '../../../model/untrusted.ts';
import { isoTime } from '../../params.ts';

const NAMES: Readonly<Record<Effect['metric'], string>> = { p99: 'p99', goodput: 'answered calls', cpu: 'processor' };

export function planText(
  plans: readonly Plan[],
  applied: readonly PolicyRecord[],
  notApplied: readonly { server: string; reason: string }[],
): string {
  if (plans.length === 0) return 'No server has reported lately.';
  return plans
    .flatMap((plan) => {
      const record = applied.find(({ server }) => server === plan.server);
      const refusal = notApplied.find(({ server }) => server === plan.server);
      return [
        ...linesOf(plan),
        ...(record === undefined ? [] : [appliedLine(record)]),
        ...(refusal === undefined ? [] : [`Not applied. ${refusal.reason}`]),
      ];
    })
    .join('\n');
}

function linesOf(plan: Plan): string[] {
  const server = quoteUntrusted(plan.server);
  if (plan.verdict === 'too_little') return [`${server}: ${plan.calls} calls are too few to tell anything.`];
  if (plan.verdict === 'nothing_to_do') return [`${server}: nothing to do, told from ${plan.calls} calls.`];
  const heading = `${server}, ${plan.strategy}, for ${plan.target}, told from ${plan.calls} calls:`;
  return [heading, ...plan.actions.map(actionLine), ...plan.advice.map(adviceLine)];
}

function actionLine({ tool, control, settings, isPermitted, why, effects }: PlannedAction): string {
  const permission = isPermitted ? '' : ' (not permitted by the server)';
  const expected = effects.map(effectText).join('; ');
  return `- ${control} of ${quoteUntrusted(tool)}${permission}: ${JSON.stringify(settings[control])}. ${why} Expected: ${expected}.`;
}

function effectText({ metric, changePercent, interval, basis }: Effect): string {
  const name = NAMES[metric];
  if (changePercent === null) return `${name} unknown (${basis.replace(/\.$/, '')})`;
  const between = interval === null ? ', how surely is not known' : ` [${signed(interval[0])}, ${signed(interval[1])}]`;
  return `${name} ${signed(changePercent)} %${between}`;
}

function signed(percent: number): string {
  return `${percent >= 0 ? '+' : '-'}${Math.abs(percent).toFixed(0)}`;
}

function adviceLine({ tool, what }: Advice): string {
  return tool === '' ? `- Advice: ${what}` : `- Advice for ${quoteUntrusted(tool)}: ${what}`;
}

function appliedLine({ version, watchUntilMs, expiresAtMs }: PolicyRecord): string {
  return `Applied as policy ${version}: watched until ${isoTime(watchUntilMs)}, undone by itself when it makes things worse, over at ${isoTime(expiresAtMs)}.`;
}
