import { DynamoDBClient, type QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import sinon from "sinon";
import { memberKey } from "../../../aws/table/keys.ts";
import { members } from "../../../aws/table/members.ts";
import { sdkTable } from "../../../aws/table/sdk-client.ts";
import { aConnection, NOON } from "../../support/builders.ts";
import { allMembers } from "../../support/memory.ts";

const lobby = { channel: "lobby", shard: 0 };

describe("aws/table/members", () => {
  it("reads every page of a shard, also after a page that is empty because of the filter", async () => {
    const [anna, ben] = [aConnection(), aConnection()];
    const itemOf = ({ id, memberships, ...own }: typeof anna) => marshall({ ...memberKey(lobby, id), ...own });
    const LastEvaluatedKey = marshall(memberKey(lobby, anna.id));
    // The paginator writes the start key into the one input it sends again and again.
    const startKeys: unknown[] = [];
    const pages = [
      { Items: [itemOf(anna)], LastEvaluatedKey },
      { Items: [], LastEvaluatedKey },
      { Items: [itemOf(ben)] },
    ];
    const client = new DynamoDBClient({ region: "eu-west-2" });
    sinon.stub(client, "send").callsFake(async ({ input }) => {
      startKeys.push((input as QueryCommandInput).ExclusiveStartKey);
      return pages[startKeys.length - 1];
    });

    expect(
      await allMembers(
        members(sdkTable(client, "table"), () => NOON),
        lobby,
      ),
    ).to.deep.equal([anna, ben].map(({ memberships, ...member }) => member));
    expect(startKeys).to.deep.equal([undefined, LastEvaluatedKey, LastEvaluatedKey]);
  });
});
