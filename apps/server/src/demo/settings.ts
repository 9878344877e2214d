import type { Client } from '@zhanggui/contract/client'

/** Sets settings of the demo shop that nobody has touched yet. */
export async function setWhereDefault(
  client: Client,
  shopId: string,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { items } = await client('console.settings', { params: { shopId } })
  for (const [name, value] of Object.entries(values)) {
    const setting = items.find((item) => item.name === name)
    if (setting?.source === 'default')
      await client('console.setSetting', { params: { shopId, name }, body: { value, version: setting.version } })
  }
}
