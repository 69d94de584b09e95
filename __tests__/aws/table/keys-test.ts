import { expect } from "chai";
import { connectionIdOf, connectionKey, leadingKeys, memberKey } from "../../../aws/table/keys.ts";

describe("aws/table/keys", () => {
  it("keeps a connection under its id twice", () => {
    expect(connectionKey("a=")).to.deep.equal({ pk: "CONN#a=", sk: "CONN#a=" });
  });

  it("keeps a member under its shard, and finds its connection again", () => {
    const key = memberKey({ channel: "ops", shard: 2 }, "a=");
    expect(key).to.deep.equal({ pk: "CHANNEL#ops#2", sk: "CONN#a=" });
    expect(connectionIdOf(key)).to.equal("a=");
  });

  it("tells IAM the partition keys of each kind of item", () => {
    expect(leadingKeys).to.deep.equal({ connections: "CONN#*", members: "CHANNEL#*" });
  });
});
