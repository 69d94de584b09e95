import { type Store, startStore } from "@serverless-chat/emulator/dynamodb/store";
import { createTables } from "@serverless-chat/emulator/dynamodb/tables";
import { aTable, guardOptions } from "@serverless-chat/emulator/testing/dynamodb";
import { expect } from "chai";
import { keyText, putBatch, readBatch } from "../../../aws/table/batches.ts";
import type { Key } from "../../../aws/table/keys.ts";
import { sdkTable } from "../../../aws/table/sdk-client.ts";
import type { Table } from "../../../aws/table/table.ts";
import { leanTable } from "../../support/table.ts";

const keyAt = (index: number): Key => ({ pk: `CONN#${index}`, sk: `CONN#${index}` });
const keys = (count: number): Key[] => Array.from({ length: count }, (_, index) => keyAt(index));
const itemOf = ({ pk, sk }: Key) => ({ pk: { S: pk }, sk: { S: sk }, data: { S: `of ${pk}` } });

interface Request {
  readonly operation: string;
  readonly count: number;
}

/** A table that leaves out a number of items of each request, in turn. Without items, it returns an empty object, as DynamoDB can. */
function partialTable(leftOut: number[]) {
  const requests: Request[] = [];
  const written: string[] = [];
  const send = async (operation: string, { RequestItems }: { RequestItems: Record<string, never> }) => {
    const part = RequestItems.chat as unknown as
      | { Keys: ReturnType<typeof itemOf>[] }
      | { PutRequest: { Item: never } }[];
    const all = "Keys" in part ? part.Keys : part;
    requests.push({ operation, count: all.length });
    const done = all.slice(0, all.length - (leftOut.shift() ?? 0));
    const rest = all.slice(done.length);
    if ("Keys" in part) {
      return { Responses: { chat: done }, UnprocessedKeys: rest.length > 0 ? { chat: { Keys: rest } } : {} };
    }
    written.push(
      ...(done as { PutRequest: { Item: ReturnType<typeof itemOf> } }[]).map((each) => each.PutRequest.Item.pk.S),
    );
    return { UnprocessedItems: rest.length > 0 ? { chat: rest } : {} };
  };
  return { table: { name: "chat", send: send as never } satisfies Table, requests, written };
}

describe("aws/table/batches", () => {
  let pauses: number[];
  const options = { pause: async (milliseconds: number) => void pauses.push(milliseconds), random: () => 1 };
  beforeEach(() => {
    pauses = [];
  });

  it("write at most 25 items with a request, and read at most 100", async () => {
    const { table, requests } = partialTable([]);
    await putBatch(table, keys(51).map(itemOf), options);
    await readBatch(table, { keys: keys(101), ConsistentRead: true, ...options });
    expect(requests.map(({ operation, count }) => `${operation} ${count}`)).to.deep.equal([
      "BatchWriteItem 25",
      "BatchWriteItem 25",
      "BatchWriteItem 1",
      "BatchGetItem 100",
      "BatchGetItem 1",
    ]);
  });

  it("send nothing for an empty batch", async () => {
    const { table, requests } = partialTable([]);
    await putBatch(table, [], options);
    expect((await readBatch(table, { keys: [], ConsistentRead: false, ...options })).size).to.equal(0);
    expect(requests).to.deep.equal([]);
  });

  it("send unprocessed items again, after a delay that doubles", async () => {
    const { table, requests, written } = partialTable([3, 2]);
    await putBatch(table, keys(4).map(itemOf), options);
    expect(requests.map(({ count }) => count)).to.deep.equal([4, 3, 2]);
    expect(written).to.deep.equal(keys(4).map(({ pk }) => pk));
    expect(pauses).to.deep.equal([50, 100]);
  });

  it("request unprocessed keys again, and return all items", async () => {
    const { table } = partialTable([3, 2]);
    const found = await readBatch(table, { keys: keys(4), ConsistentRead: true, ...options });
    expect([...found.keys()]).to.deep.equal(keys(4).map(keyText));
  });

  it("fail if items remain unprocessed", async () => {
    const { table, requests } = partialTable(Array(10).fill(1));
    const outcome = await putBatch(table, keys(2).map(itemOf), options).catch(String);
    expect(outcome).to.equal("Error: DynamoDB did not process 1 items of a batch after 6 requests.");
    expect(requests).to.have.length(6);
  });

  describe("in dynalite", () => {
    let store: Store;
    before(async () => {
      store = await startStore({}, guardOptions());
      await createTables(store.client, [aTable("lean"), aTable("sdk")]);
    });
    after(() => store.stop());

    const clients: Readonly<Record<string, () => Table>> = {
      "our own client": () => leanTable(store.url, "lean"),
      "the SDK's client": () => sdkTable(store.client, "sdk"),
    };

    for (const [client, tableOf] of Object.entries(clients)) {
      it(`return the written items, without missing ones, with ${client}`, async () => {
        const items = keys(30).map(itemOf);
        await putBatch(tableOf(), items);
        const found = await readBatch(tableOf(), { keys: keys(31), ConsistentRead: true });
        expect(found.size).to.equal(30);
        expect(found.get(keyText(keyAt(29)))).to.deep.equal(items[29]);
        expect(found.has(keyText(keyAt(30)))).to.equal(false);
      });
    }
  });
});
