/** The view of a call: what to wait for, what went wrong, or what it answered. */
import { useEffect, useState } from 'preact/hooks';
import { DashboardView } from './dashboard/DashboardView.tsx';
import type { Call, Host } from './host.ts';
import { ReportView } from './report/ReportView.tsx';
import { isDashboard, isReport } from './results.ts';

export function View({ host }: { host: Host }) {
  const [call, setCall] = useState<Call>({ state: 'running' });
  useEffect(() => host.onCall(setCall), [host]);
  switch (call.state) {
    case 'running':
      return <Waiting />;
    case 'cancelled':
      return <p class="notice">The call was cancelled.</p>;
    case 'failed':
      return (
        <p class="notice" role="alert">
          {call.text}
        </p>
      );
    case 'done':
      return <Answer host={host} structured={call.structured} />;
  }
}

function Answer({ host, structured }: { host: Host; structured: unknown }) {
  if (isDashboard(structured)) return <DashboardView host={host} first={structured} />;
  if (isReport(structured)) return <ReportView host={host} answer={structured} />;
  return <p class="notice">This client did not hand on the figures. The answer of the tool has them as text.</p>;
}

function Waiting() {
  return (
    <div class="waiting" role="status">
      <span class="visually-hidden">Waiting for the figures</span>
      <div class="bone bone-title" />
      <div class="tiles">
        <div class="bone" />
        <div class="bone" />
        <div class="bone" />
      </div>
    </div>
  );
}
