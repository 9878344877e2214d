import Taro from '@tarojs/taro'

/** The button that WeChat itself must see tapped. */
export const AGREE_BUTTON_ID = 'zg-privacy-agree'

type Resolve = Parameters<Taro.onNeedPrivacyAuthorization.Listener>[0]

const waiting = new Set<Resolve>()
const watchers = new Set<(isAsked: boolean) => void>()
const tell = () => {
  for (const watcher of watchers) watcher(waiting.size > 0)
}

/**
 * Called once, when the program starts. From then on WeChat asks us before it hands over what the privacy guideline
 * 用户隐私保护指引 names, and waits for the buyer's answer.
 */
export function watchPrivacy(): void {
  Taro.onNeedPrivacyAuthorization?.((resolve: Resolve) => {
    waiting.add(resolve)
    resolve({ event: 'exposureAuthorization' })
    tell()
  })
}

/** Tells whether an answer is being waited for, now and whenever that changes. */
export function onPrivacyAsked(watcher: (isAsked: boolean) => void): () => void {
  watchers.add(watcher)
  watcher(waiting.size > 0)
  return () => watchers.delete(watcher)
}

export function answerPrivacy(isAgreed: boolean): void {
  for (const resolve of waiting)
    resolve(isAgreed ? { event: 'agree', buttonId: AGREE_BUTTON_ID } : { event: 'disagree' })
  waiting.clear()
  tell()
}

/** Name of the guideline as it stands in WeChat's back office. */
export function privacyContractName(): Promise<string> {
  return new Promise((done) => {
    const fail = () => done('用户隐私保护指引')
    if (!Taro.getPrivacySetting) return fail()
    Taro.getPrivacySetting({ success: ({ privacyContractName: name }) => (name ? done(name) : fail()), fail })
  })
}

export function openPrivacyContract(): void {
  Taro.openPrivacyContract?.({
    fail: () => void Taro.showToast({ title: '暂时打不开，请稍后再试', icon: 'none' }),
  })
}
