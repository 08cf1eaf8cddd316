/** One of several, as an address names it: what strangers write into a link is one of them, or the usual one. */
export function choiceOf<Name extends string>(
  given: string | null,
  choices: Readonly<Record<Name, unknown>>,
  usual: NoInfer<Name>,
): Name {
  return given !== null && Object.hasOwn(choices, given) ? (given as Name) : usual;
}
