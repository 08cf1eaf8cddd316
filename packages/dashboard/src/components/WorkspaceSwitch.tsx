/** Which workspace is shown, where there are several to choose from. */
import { answered, api } from '../api/client.ts';
import { shownWorkspace } from '../api/workspace.ts';
import { useAnswer } from '../live/useAnswer.ts';
import { addressOf } from '../route/route.ts';

const ALL = '';

export function WorkspaceSwitch() {
  const { data } = useAnswer('workspaces', (signal) => answered(api.GET('/workspaces', { signal })), 60_000);
  const shown = shownWorkspace() ?? ALL;
  const known = (data?.workspaces ?? []).map(({ workspace }) => workspace);
  if (known.length < 2 && shown === ALL) return null;
  return (
    <label>
      <span class="hidden-visually">Workspace</span>
      <select value={shown} onChange={(event) => show(event.currentTarget.value)}>
        <option value={ALL}>all workspaces</option>
        {[...new Set([...known, ...(shown === ALL ? [] : [shown])])].map((workspace) => (
          <option key={workspace} value={workspace}>
            {workspace}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The page begins anew: nothing of what it has is about the other workspace. */
function show(workspace: string): void {
  location.assign(addressOf('overview', { workspace: workspace === ALL ? undefined : workspace }));
}
