import sinon, { type SinonStub, type SinonStubbedInstance } from "sinon";
import { type Metrics, metrics } from "../../aws/metrics.ts";

/** What a function said and counted in a test. */
export interface Logged {
  readonly info: SinonStub;
  readonly error: SinonStub;
  readonly counting: SinonStubbedInstance<Metrics>;
}

/** For a `describe`: keeps what functions say from the terminal, and has it anew in each test. */
export function logged(): Logged {
  const said = {} as Logged;
  beforeEach(() => {
    const [info, error] = [sinon.stub(console, "info"), sinon.stub(console, "error")];
    Object.assign(said, { info, error, counting: sinon.stub(metrics) });
  });
  afterEach(() => sinon.restore());
  return said;
}
