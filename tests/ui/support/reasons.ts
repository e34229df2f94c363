// Says at the very end why each test failed, so that whoever reads only the last lines of a log knows. One that failed and
// passed when it was tried again is named as well: it has a race, in the test or in the program.

import type { FullConfig, Reporter, Suite, TestCase, TestResult } from "@playwright/test/reporter";

export default class Reasons implements Reporter {
  private readonly tries: [TestCase, TestResult][] = [];

  onBegin(_config: FullConfig, _suite: Suite): void {
    this.tries.length = 0;
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === test.expectedStatus) return;
    this.tries.push([test, result]);
  }

  onEnd(): void {
    for (const [test, result] of this.tries) {
      const end = test.outcome() === "flaky" ? `${result.status}, then passed` : result.status;
      console.log(`\n${test.location.file}:${test.location.line} ${test.title} (${end})`);
      for (const error of result.errors) console.log(`${error.message ?? error.value ?? ""}\n${error.snippet ?? ""}`);
    }
  }

  printsToStdio(): boolean {
    return false;
  }
}
