import type { Overview } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { type ECharts, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { FONT, PALETTES } from '../../app/theme.ts'
import { useMode } from '../../app/theme-mode.ts'
import { t } from '../../i18n/index.ts'
import { lastHour } from '../../kit/days.ts'

use([BarChart, LineChart, GridComponent, TooltipComponent, LegendComponent, AriaComponent, SVGRenderer])

type Hours = Overview['analytics']['hours']

/** Views, visitors and paid money hour by hour. */
export default function HoursChart({ hours, day }: { hours: Hours; day: string }) {
  const element = useRef<HTMLDivElement>(null)
  const chart = useRef<ECharts>(undefined)
  const dark = useMode() === 'dark'
  useEffect(() => {
    const drawn = init(element.current!, null, { renderer: 'svg' })
    chart.current = drawn
    const watcher = new ResizeObserver(() => drawn.resize())
    watcher.observe(element.current!)
    return () => {
      watcher.disconnect()
      drawn.dispose()
    }
  }, [])
  useEffect(() => {
    chart.current?.setOption(chartOption(hours, lastHour(day, Date.now()), dark))
  }, [hours, day, dark])
  return <div ref={element} className="chart" role="img" aria-label={t('overview.hours')} />
}

function chartOption(hours: Hours, last: number, dark: boolean): Parameters<ECharts['setOption']>[0] {
  const upToNow = (of: (each: Hours[number]) => number) => hours.map((each) => (each.hour > last ? null : of(each)))
  const palette = PALETTES[dark ? 'dark' : 'light']
  const axis = {
    axisLine: { lineStyle: { color: palette.line } },
    axisLabel: { color: palette.textSoft },
    axisTick: { show: false },
  }
  const line = (name: string, values: (number | null)[], colour: string) => ({
    type: 'line' as const,
    name,
    data: values,
    smooth: 0.3,
    smoothMonotone: 'x' as const,
    showSymbol: false,
    itemStyle: { color: colour },
    lineStyle: { width: 2 },
  })
  return {
    aria: { enabled: true },
    animationDuration: 300,
    textStyle: { fontFamily: FONT },
    grid: { left: 8, right: 8, top: 36, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    legend: { top: 0, right: 0, itemGap: 16, itemWidth: 14, itemHeight: 8, textStyle: { color: palette.textSoft } },
    tooltip: {
      trigger: 'axis',
      backgroundColor: palette.raised,
      borderColor: palette.line,
      textStyle: { color: palette.text },
    },
    xAxis: { type: 'category', data: hours.map((each) => `${String(each.hour).padStart(2, '0')}:00`), ...axis },
    yAxis: [
      {
        type: 'value',
        minInterval: 1,
        ...axis,
        axisLine: { show: false },
        splitLine: { lineStyle: { color: palette.line } },
      },
      {
        type: 'value',
        ...axis,
        axisLine: { show: false },
        splitLine: { show: false },
        axisLabel: { color: palette.textSoft, formatter: (yuan: number) => `¥${yuan}` },
      },
    ],
    series: [
      {
        type: 'bar',
        name: t('overview.paid'),
        yAxisIndex: 1,
        data: upToNow((each) => each.paidFen / 100),
        barMaxWidth: 18,
        itemStyle: { color: palette.orangeVivid, opacity: 0.75, borderRadius: [4, 4, 0, 0] },
        tooltip: { valueFormatter: (yuan: unknown) => formatMoney(Math.round(Number(yuan) * 100)) },
      },
      line(
        t('overview.pageViews'),
        upToNow((each) => each.pageViews),
        palette.blue,
      ),
      line(
        t('overview.visitors'),
        upToNow((each) => each.visitors),
        palette.green,
      ),
    ],
  }
}
