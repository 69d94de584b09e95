/** How many rounds somebody asks for. */
export function roundsOf(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new Error(`--rounds is ${text}; it takes a number from 1 to 99.`);
}
