/** One of a few, in a row; the address keeps which. */
import { changeQuery } from '../route/route.ts';

interface ChoiceButtonsProps {
  /** Of the row, for who hears it. */
  label: string;
  /** In the address. */
  parameter: string;
  chosen: string;
  /** Title by value. */
  choices: Readonly<Record<string, string>>;
}

export function ChoiceButtons({ label, parameter, chosen, choices }: ChoiceButtonsProps) {
  return (
    <div class="range" role="group" aria-label={label}>
      {Object.entries(choices).map(([value, title]) => (
        <button
          key={value}
          type="button"
          class="button"
          aria-pressed={value === chosen}
          onClick={() => changeQuery({ [parameter]: value })}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
