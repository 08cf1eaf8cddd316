/** The settings in force, for people. */
import type { Config } from '../config/schema.ts';
import { SETTINGS, shownValue } from '../config/settings.ts';
import type { Settings } from './ports/access.ts';

export function createSettings(config: Config): Settings {
  return {
    inForce: () =>
      SETTINGS.map(({ path, description, environment, defaultValue }) => {
        const value = shownValue(config, path);
        const isDefault = JSON.stringify(value) === JSON.stringify(defaultValue);
        return { path, value, isDefault, description, environment };
      }),
  };
}
