/** The value of `--rounds`. */
export function roundsOf(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new Error(`--rounds is "${text}"; it must be a whole number from 1 to 99.`);
}

/** Makes signals exit the process normally, so that its exit handlers stop child processes and remove temporary files. */
export function exitOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
}
