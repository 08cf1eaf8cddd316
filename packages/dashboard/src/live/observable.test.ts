import { expect, it } from 'vitest';
import { Observable } from './observable.ts';

it('tells who follows, when it changes, until they leave', () => {
  const observable = new Observable(1);
  const told: number[] = [];
  const leave = observable.follow(() => told.push(observable.value));
  const once = observable.follow(() => once());
  observable.value = 2;
  observable.value = 2;
  observable.value = 3;
  leave();
  observable.value = 4;
  expect(told).toEqual([2, 3]);
});
