import sinon, { type SinonStub, type SinonStubbedInstance } from "sinon";
import { type Metrics, metrics as realMetrics } from "../../aws/metrics.ts";

/** The logs and metrics of functions in a test. */
export interface CapturedLogs {
  readonly info: SinonStub;
  readonly error: SinonStub;
  readonly metrics: SinonStubbedInstance<Metrics>;
}

/** Captures logs and metrics in each test of a `describe`, so that they do not appear in the output. */
export function captureLogs(): CapturedLogs {
  const logs = {} as CapturedLogs;
  beforeEach(() => {
    const [info, error] = [sinon.stub(console, "info"), sinon.stub(console, "error")];
    Object.assign(logs, { info, error, metrics: sinon.stub(realMetrics) });
  });
  afterEach(() => sinon.restore());
  return logs;
}
