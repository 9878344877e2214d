import type { TestProject } from 'vitest/node'
import { startOwnShop } from '../../../../scripts/demo/shop.ts'

declare module 'vitest' {
  interface ProvidedContext {
    miniShop: { url: string; simulatorUrl: string; signIns: { url: string; user: string; password: string }[] }
  }
}

/** One demo shop with its simulator, on data of its own, for all tests of the mini program. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shop = await startOwnShop()
  const { url, simulatorUrl, signIns } = shop
  project.provide('miniShop', { url, simulatorUrl, signIns })
  return () => shop.stop()
}
