import sinon, { type SinonStub, type SinonStubbedInstance } from "sinon";
import { type Metrics, metrics } from "../../aws/metrics.ts";

/** The logs and metrics of functions in a test. */
export interface Logged {
  readonly info: SinonStub;
  readonly error: SinonStub;
  readonly counting: SinonStubbedInstance<Metrics>;
}

/** Call it in a `describe`: captures the logs of functions in each test and keeps them off the terminal. */
export function logged(): Logged {
  const said = {} as Logged;
  beforeEach(() => {
    const [info, error] = [sinon.stub(console, "info"), sinon.stub(console, "error")];
    Object.assign(said, { info, error, counting: sinon.stub(metrics) });
  });
  afterEach(() => sinon.restore());
  return said;
}
