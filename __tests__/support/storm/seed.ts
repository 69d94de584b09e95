/** What storms are made from: another seed makes others. */
export const SEED = Number(process.env.FC_SEED ?? 4);
