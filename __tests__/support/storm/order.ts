import type { Heard, Said } from "./stays.ts";

/** Pairs that came the wrong way round: what was over before the other began has to come first. */
export function misordered(sequence: readonly Said[]): string[] {
  const wrong: string[] = [];
  let latest: Said | undefined;
  for (const said of sequence) {
    if (latest && said.ended < latest.begun) wrong.push(`"${said.data}" after "${latest.data}"`);
    if (!latest || said.begun > latest.begun) latest = said;
  }
  return wrong;
}

/** Where what a channel keeps is not what was said in it. */
export function contradictionsOfHistory(history: readonly Heard[], said: readonly Said[]): string[] {
  const saidBy = new Map(said.map((one) => [one.data, one]));
  const kept = new Set(history.map(({ data }) => data));
  const ids = history.map(({ id = "" }) => id);
  const missing = said.filter(({ data, fate }) => fate === "said" && !kept.has(data));
  const inOrder = history.flatMap(({ data }) => saidBy.get(data) ?? []);
  return [
    ...history.flatMap((message) => wrongToKeep(message, saidBy.get(message.data))),
    ...missing.map(({ data }) => `"${data}" is missing`),
    ...misordered(inOrder).map((pair) => `there is ${pair}`),
    ...(kept.size < history.length ? ["there is something twice"] : []),
    ...(ids.some((id, index) => id <= (ids[index - 1] ?? "")) ? ["not all is in the order of ids"] : []),
  ];
}

function wrongToKeep({ data, id }: Heard, said: Said | undefined): string[] {
  if (!said) return [`there is "${data}", which nobody said there`];
  if (said.fate === "refused") return [`there is "${data}", which was refused`];
  return said.id !== undefined && said.id !== id ? [`"${data}" has another id`] : [];
}
