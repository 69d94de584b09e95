import type { GuardOptions } from "@serverless-chat/emulator/dynamodb/store";

export const PLACE = { region: "eu-west-2", accountId: "000000000000" };

/** The guard of a store that accepts every request. */
export const aGuarding = (): GuardOptions => ({
  guardData: { place: PLACE, tables: [], principals: undefined },
  report: () => undefined,
});
