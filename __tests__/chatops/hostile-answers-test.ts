import { expect } from "chai";
import { perform } from "../../chatops/perform.ts";
import { type Action, supportedActions } from "../../chatops/service.ts";
import { services } from "../../chatops/services.ts";
import { aDeskInProcess, type Desk } from "../support/chatops/desk.ts";
import type { ServiceStandIn } from "../support/chatops/service-stand-in.ts";
import type { Answered } from "../support/chatops/stand-in.ts";
import { standInOf } from "../support/chatops/stand-ins.ts";

const PAGE = "<html><body>Blocked by the network policy</body></html>";
const JSON_TYPE = { "content-type": "application/json" };
const ELSEWHERE = { location: "http://login.example.com/?next=/" };

/** Responses of proxies, firewalls and login pages. */
const HOSTILE: Readonly<Record<string, Answered>> = {
  "200 with HTML": { status: 200, body: PAGE },
  "200 with HTML that claims to be JSON": { status: 200, headers: JSON_TYPE, body: PAGE },
  "200 with nothing": { status: 200 },
  "204": { status: 204 },
  "401 with HTML": { status: 401, body: PAGE },
  "401 of a proxy": { status: 401, headers: { "www-authenticate": 'Basic realm="proxy"' }, body: PAGE },
  "401 in JSON": { status: 401, body: { message: "Unauthorized" } },
  "403 with HTML": { status: 403, body: PAGE },
  "403 with a text": { status: 403, headers: { "content-type": "text/plain" }, body: "access denied" },
  "403 in JSON": { status: 403, body: { message: "Forbidden" } },
  "404 with HTML": { status: 404, body: PAGE },
  "404 in JSON": { status: 404, body: { message: "Not Found" } },
  "truncated JSON": { status: 200, headers: JSON_TYPE, body: '{"message":"ok","active":tr' },
  "truncated JSON of a refusal": { status: 403, headers: JSON_TYPE, body: '{"@type":"error","error_ty' },
  "a redirect to another host": { status: 302, headers: ELSEWHERE },
  "a permanent redirect to another host": { status: 308, headers: ELSEWHERE },
  "429 with Retry-After": { status: 429, headers: { "retry-after": "3600" } },
  "429 without Retry-After": { status: 429, body: PAGE },
};

/** How many requests get the hostile response, after the first ones that do not. */
const DURATIONS = { once: 1, "from then on": Infinity } as const;

interface Strike {
  readonly answered: Answered;
  readonly spared: number;
  readonly count: number;
}

/** The state that each action reports with `done`. */
const CLAIMS: Readonly<Record<Action, (standIn: ServiceStandIn, current: object) => boolean>> = {
  status: () => true,
  rotate: (standIn, current) => standIn.works(current) && standIn.living() === 1,
  revoke: (standIn) => standIn.living() === 0,
  freeze: (standIn) => standIn.isFrozen(),
  unfreeze: (standIn) => !standIn.isFrozen(),
  delete: (standIn) => !standIn.isThere(),
};

for (const service of services) {
  describe(`chatops, with hostile responses instead of ${service.key}'s`, () => {
    const act = ({ ports, clock }: Desk, action: Action) =>
      perform(ports, { service, action, by: { user: "anna" }, deadline: clock.now() + 20_000 });

    /** Starts with a valid credential, and the opposite of the state after the action. */
    async function prepare(action: Action): Promise<{ standIn: ServiceStandIn; desk: Desk }> {
      const { standIn, desk } = await aDeskInProcess(standInOf(service.key));
      const needsRotation = action === "status" || action === "rotate" || action === "revoke";
      if (needsRotation && supportedActions(service).includes("rotate")) await act(desk, "rotate");
      if (action === "unfreeze") await act(desk, "freeze");
      return { standIn, desk };
    }

    async function struck(action: Action, { answered, spared, count }: Strike) {
      const { standIn, desk } = await prepare(action);
      let requests = 0;
      standIn.fault = () => {
        requests += 1;
        return requests > spared && requests <= spared + count ? answered : undefined;
      };
      const reply = await act(desk, action);
      const isTrue = CLAIMS[action](standIn, desk.secret.stages.current ?? {});
      return { reply, isTrue, isStruck: requests > spared };
    }

    /** Replaces the response to each request in turn. The action succeeds once the replacement comes after its last request. */
    async function strikeEach(action: Action, strike: Omit<Strike, "spared">, where: string): Promise<void> {
      for (let spared = 0; ; spared += 1) {
        const { reply, isTrue, isStruck } = await struck(action, { ...strike, spared });
        const mustFail = isStruck && (action === "status" || strike.count > 1);
        const said = `${where} after ${spared} requests: ${reply.outcome}. ${reply.said}`;
        expect(!mustFail || reply.outcome === "failed", said).to.equal(true);
        expect(reply.outcome === "failed" || isTrue, said).to.equal(true);
        if (isStruck) continue;
        expect(reply.outcome, said).to.equal("done");
        return;
      }
    }

    for (const action of supportedActions(service)) {
      it(`never let "${action}" report success without its effect`, async () => {
        const strikes = Object.entries(HOSTILE).flatMap(([what, answered]) =>
          Object.entries(DURATIONS).map(([long, count]) =>
            strikeEach(action, { answered, count }, `${what}, ${long},`),
          ),
        );
        await Promise.all(strikes);
      });
    }
  });
}
