/** How good the collector's own alerts were, by what people said of them and by when their conditions ended. */
import { type Alert, type AlertQuality, isForeign } from '../model/alert.ts';
import { MINUTE_MS } from '../model/rollup.ts';

export function qualityOf(alerts: readonly Alert[]): AlertQuality {
  const told = alerts.filter((alert) => alert.status !== 'pending' && !isForeign(alert));
  const useful = told.filter(({ feedback }) => feedback === 'useful').length;
  const wrong = told.filter(({ feedback }) => feedback === 'false').length;
  const minutes = told.flatMap(({ activeFromMs, clearedAtMs, resolvedAtMs }) => {
    const endMs = clearedAtMs ?? resolvedAtMs;
    return endMs === null ? [] : [(endMs - activeFromMs) / MINUTE_MS];
  });
  return {
    alerts: told.length,
    useful,
    false: wrong,
    falseAlarmPercent: useful + wrong === 0 ? null : (100 * wrong) / (useful + wrong),
    meanMinutesToEnd: minutes.length === 0 ? null : minutes.reduce((sum, each) => sum + each, 0) / minutes.length,
  };
}
