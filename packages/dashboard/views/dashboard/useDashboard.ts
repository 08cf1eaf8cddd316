/** The dashboard and its alerts, kept fresh through the client as long as somebody can see them. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Host } from '../host.ts';
import { type AlertList, type Dashboard, isAlertList, isDashboard } from '../results.ts';
import { useVisible } from './useVisible.ts';

const REFRESH_MS = 30_000;
const REFRESH_S = REFRESH_MS / 1000;

export interface LiveDashboard {
  dashboard: Dashboard;
  /** Undefined until they are known. */
  alerts: AlertList | undefined;
  isBusy: boolean;
  /** Why the last refresh failed. */
  problem: string | undefined;
  refresh(): Promise<void>;
  /** @throws Error with the reason */
  acknowledge(alertId: string): Promise<void>;
}

export function useDashboard(host: Host, first: Dashboard): LiveDashboard {
  const [dashboard, setDashboard] = useState(first);
  const [alerts, setAlerts] = useState<AlertList>();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const loadedAtMs = useRef(0);

  const load = useCallback(async (what: Promise<unknown>[]) => {
    setBusy(true);
    loadedAtMs.current = Date.now();
    try {
      for (const answer of await Promise.all(what)) {
        if (isDashboard(answer)) setDashboard(answer);
        if (isAlertList(answer)) setAlerts(answer);
      }
      setProblem(undefined);
    } catch (error) {
      setProblem((error as Error).message);
    } finally {
      setBusy(false);
    }
  }, []);
  const askAlerts = useCallback(() => host.callTool('get_active_alerts', {}), [host]);
  const refresh = useCallback(
    () => load([host.callTool('get_performance_dashboard', { refreshInterval: REFRESH_S }), askAlerts()]),
    [host, load, askAlerts],
  );
  const acknowledge = async (alertId: string) => {
    await host.callTool('acknowledge_alert', { alertId, acknowledgedBy: `someone in ${host.name}` });
    await refresh();
  };

  useEffect(() => {
    setDashboard(first);
    if (host.canCallTools) void load([askAlerts()]);
  }, [first, host, load, askAlerts]);
  const isVisible = useVisible();
  useEvery(REFRESH_MS, loadedAtMs, host.canCallTools && isVisible, refresh);
  return { dashboard, alerts, isBusy, problem, refresh, acknowledge };
}

/** Also at once when the time has passed while nobody looked. */
function useEvery(spanMs: number, lastMs: { current: number }, isOn: boolean, act: () => Promise<void>): void {
  useEffect(() => {
    if (!isOn) return;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    const next = () => {
      if (isOver) return;
      timer = setTimeout(() => void act().finally(next), Math.max(0, lastMs.current + spanMs - Date.now()));
    };
    next();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [spanMs, lastMs, isOn, act]);
}
