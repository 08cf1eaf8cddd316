/** Who does it: asked once, remembered by the browser. */
import { useState } from 'preact/hooks';
import { rememberedPerson, rememberPerson } from './person.ts';

export interface Person {
  name: string;
  /** For when something was done in this name. */
  remember(): void;
  change(name: string): void;
}

export function usePerson(): Person {
  const [name, change] = useState(rememberedPerson());
  return { name, change, remember: () => rememberPerson(name) };
}

export function PersonField({ person }: { person: Person }) {
  return (
    <label>
      Your name{' '}
      <input
        required
        maxLength={100}
        value={person.name}
        onInput={(event) => person.change(event.currentTarget.value)}
      />
    </label>
  );
}
