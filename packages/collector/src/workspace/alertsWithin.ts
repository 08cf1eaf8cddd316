/** Alerts as those see and change them who see one workspace only. */
import { VitalsError } from '../errors.ts';
import type { Alert } from '../model/alert.ts';
import { everyServerOf, isPatternWithin, nameWithin, patternWithin, workspaceOf } from '../model/workspace.ts';
import type { Alerts } from '../serve/ports/alerts.ts';
import type { Store } from '../store/store.ts';
import { requireWithin } from './requireWithin.ts';

/** @param store that of the workspace */
export function alertsWithin(whole: Alerts, store: Pick<Store, 'getAlert'>, workspace: string): Alerts {
  const isWithin = ({ server }: { server: string }) => server !== '' && workspaceOf(server) === workspace;
  return {
    ...watching(whole, store, workspace, isWithin),
    ...silencing(whole, workspace),
    ...ofObjectives(whole, workspace, isWithin),
    ...ofRules(whole, workspace),
    ...ofThresholds(whole, workspace, isWithin),
  };
}

function ofThresholds(
  whole: Alerts,
  workspace: string,
  isWithin: (named: { server: string }) => boolean,
): Pick<Alerts, 'setThreshold' | 'thresholds' | 'removeThreshold' | 'proposals'> {
  return {
    setThreshold: (input) =>
      whole.setThreshold({
        ...input,
        server: input.server === undefined ? everyServerOf(workspace) : requireWithin(workspace, input.server),
      }),
    /** Those for all servers are in force here as well. */
    thresholds: () =>
      whole
        .thresholds()
        .filter((threshold) => threshold.server === '' || isWithin(threshold))
        .map((threshold) => ({ ...threshold, isRemovable: threshold.isRemovable && isWithin(threshold) })),
    async removeThreshold(thresholdId) {
      const own = whole.thresholds().filter(isWithin);
      if (own.some((threshold) => threshold.thresholdId === thresholdId)) return whole.removeThreshold(thresholdId);
      throw new VitalsError('not_found', 'There is no threshold of your own with this id');
    },
    proposals: async () => (await whole.proposals()).filter(isWithin),
  };
}

/** Channels belong to the whole collector. */
function ofRules(whole: Alerts, workspace: string): Pick<Alerts, 'rules' | 'setRule' | 'removeRule'> {
  const isOwn = ({ server }: { server: string }) => isPatternWithin(workspace, server);
  return {
    rules: async () => (await whole.rules()).filter(isOwn),
    async setRule(rule) {
      const server = patternWithin(workspace, requireWithin(workspace, rule.server));
      const name = nameToSet(workspace, rule.name, await whole.rules(), isOwn);
      if (rule.channels !== undefined && rule.channels.length > 0) {
        throw new VitalsError('forbidden', 'Channels belong to the whole collector', {
          hint: 'Leave channels out: what a rule finds goes where the routes say.',
        });
      }
      return whole.setRule({ ...rule, name, server });
    },
    async removeRule(name) {
      const known = nameOfOwn(workspace, name, (await whole.rules()).filter(isOwn));
      if (known !== undefined) return whole.removeRule(known);
      throw new VitalsError('not_found', 'There is no rule with this name');
    },
  };
}

interface Named {
  name: string;
}

/**
 * What a rule or an objective is called that a workspace calls `name`: like its servers, `team-a::name` outside of the default
 * one. One that was given to something of theirs by somebody who is not limited is called by just that.
 * @returns undefined when they have none of this name
 */
function nameOfOwn(workspace: string, name: string, own: readonly Named[]): string | undefined {
  return [name, nameWithin(workspace, name)].find((each) => own.some((item) => item.name === each));
}

/** @throws VitalsError `invalid` for a name of another workspace, `conflict` for one that only those have who are not limited */
function nameToSet<Item extends Named>(
  workspace: string,
  name: string,
  all: readonly Item[],
  isOwn: (item: Item) => boolean,
): string {
  const ofOwn = nameOfOwn(workspace, name, all.filter(isOwn));
  if (ofOwn !== undefined) return ofOwn;
  const newName = nameWithin(workspace, name);
  if (newName === undefined) throw new VitalsError('invalid', 'This name begins like those of another workspace');
  if (all.some((item) => item.name === newName)) {
    throw new VitalsError('conflict', 'This name is taken by somebody who is not limited to your workspace', {
      hint: 'Take another name.',
    });
  }
  return newName;
}

function watching(
  whole: Alerts,
  store: Pick<Store, 'getAlert'>,
  workspace: string,
  isWithin: (named: { server: string }) => boolean,
): Pick<Alerts, 'active' | 'acknowledge' | 'judge' | 'quality' | 'receive'> {
  /** Of an alert that is not theirs they learn what they would of one that is not there. */
  async function own(alertId: string, change: () => Promise<Alert>): Promise<Alert> {
    if ((await store.getAlert(alertId)) !== undefined) return change();
    throw new VitalsError('not_found', 'There is no alert with this id', {
      hint: 'get_active_alerts lists the alerts that can be acknowledged',
    });
  }
  return {
    active: async (filter) => (await whole.active(filter)).filter(isWithin),
    acknowledge: (alertId, by, notes) => own(alertId, () => whole.acknowledge(alertId, by, notes)),
    judge: (alertId, feedback) => own(alertId, () => whole.judge(alertId, feedback)),
    quality: (range) => whole.quality(range, workspace),
    receive: (told) => whole.receive(told, workspace),
  };
}

function silencing(whole: Alerts, workspace: string): Pick<Alerts, 'silence' | 'silences' | 'endSilence'> {
  const own = async () => (await whole.silences()).filter(({ server }) => isPatternWithin(workspace, server));
  return {
    silence: (input) =>
      whole.silence({ ...input, server: patternWithin(workspace, requireWithin(workspace, input.server)) }),
    silences: own,
    async endSilence(silenceId) {
      if ((await own()).some((silence) => silence.silenceId === silenceId)) return whole.endSilence(silenceId);
      throw new VitalsError('not_found', 'There is no silence with this id');
    },
  };
}

function ofObjectives(
  whole: Alerts,
  workspace: string,
  isWithin: (named: { server: string }) => boolean,
): Pick<Alerts, 'objectives' | 'setObjective' | 'removeObjective'> {
  const own = async () => (await whole.objectives()).filter(isWithin);
  return {
    objectives: own,
    async setObjective(objective) {
      const server = requireWithin(workspace, objective.server);
      const name = nameToSet(workspace, objective.name, await whole.objectives(), isWithin);
      return whole.setObjective({ ...objective, name, server });
    },
    async removeObjective(name) {
      const known = nameOfOwn(workspace, name, await own());
      if (known !== undefined) return whole.removeObjective(known);
      throw new VitalsError('not_found', 'There is no objective with this name');
    },
  };
}
