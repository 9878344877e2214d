import { type Permission, SHOP_PERMISSIONS } from '@zhanggui/contract'

/** A shop's permissions by area, the part of the name before the dot. */
export function permissionGroups(): { area: string; permissions: Permission[] }[] {
  return [...Map.groupBy(SHOP_PERMISSIONS, (permission) => permission.split('.')[0]!)].map(([area, permissions]) => ({
    area,
    permissions,
  }))
}

/** Whoever may change something must see it: giving `x.write` gives `x.read`, taking `x.read` takes all of `x`. */
export function togglePermission(held: readonly string[], permission: Permission, on: boolean): string[] {
  const [area] = permission.split('.')
  const reading = `${area}.read`
  const next = new Set(held)
  if (on) {
    next.add(permission)
    if ((SHOP_PERMISSIONS as string[]).includes(reading)) next.add(reading)
  } else {
    next.delete(permission)
    if (permission === reading) for (const each of held) if (each.startsWith(`${area}.`)) next.delete(each)
  }
  return SHOP_PERMISSIONS.filter((each) => next.has(each))
}
