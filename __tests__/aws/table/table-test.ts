import { expect } from "chai";
import { queryPages } from "../../../aws/table/table.ts";

const KEY = { pk: { S: "a" }, sk: { S: "b" } };

describe("aws/table/table", () => {
  it("continues a query after the last key of each page, until a page has none", async () => {
    const startKeys: unknown[] = [];
    const pages = [{ LastEvaluatedKey: KEY }, { Items: [], LastEvaluatedKey: KEY }, { Items: [KEY] }];
    const send = async (_operation: string, { ExclusiveStartKey }: { readonly ExclusiveStartKey?: object }) => {
      startKeys.push(ExclusiveStartKey);
      return pages[startKeys.length - 1];
    };
    const read: unknown[] = [];
    for await (const page of queryPages({ name: "chat", send: send as never }, { TableName: "chat" })) read.push(page);
    expect(read).to.deep.equal(pages);
    expect(startKeys).to.deep.equal([undefined, KEY, KEY]);
  });

  it("reads a page only when it is requested", async () => {
    let requests = 0;
    const send = async () => {
      requests += 1;
      return { LastEvaluatedKey: KEY };
    };
    for await (const _ of queryPages({ name: "chat", send: send as never }, { TableName: "chat" })) break;
    expect(requests).to.equal(1);
  });
});
