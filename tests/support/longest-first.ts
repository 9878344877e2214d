import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take far longer than their size says, the longest first: begun last, one would be waited for by itself. */
const LONG = [
  'console-walk.web.test.ts',
  'story.web.test.ts',
  'faults.int.test.ts',
  'sharing-histories.int.test.ts',
  'processes.int.test.ts',
  'payments-killed.int.test.ts',
  'check-money.int.test.ts',
  'sharing.int.test.ts',
  'launcher.int.test.ts',
]

/** The order of the files of a run on a machine that has not run them before. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONG.findIndex((name) => moduleId.endsWith(`/${name}`))
      return place === -1 ? LONG.length : place
    }
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}
