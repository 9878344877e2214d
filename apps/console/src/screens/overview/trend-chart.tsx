import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components'
import { type ECharts, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { FONT, type Mode, PALETTES } from '../../app/theme.ts'
import { useMode } from '../../app/theme-mode.ts'
import { type Metric, metricText, type TrendPoint } from './trend-points.ts'

use([BarChart, LineChart, GridComponent, TooltipComponent, AriaComponent, SVGRenderer])

interface Props {
  points: TrendPoint[]
  metric: Metric
  label: string
}

/** One figure over time, as bars where it is counted and as a line where it is a ratio. */
export default function TrendChart({ points, metric, label }: Props) {
  const element = useRef<HTMLDivElement>(null)
  const chart = useRef<ECharts>(undefined)
  const mode = useMode()
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
    chart.current?.setOption(chartOption(points, metric, label, mode), { notMerge: true })
  }, [points, metric, label, mode])
  return <div ref={element} className="chart" role="img" aria-label={label} />
}

const axisText = (metric: Metric) => (value: number) =>
  metric === 'money' || metric === 'average' ? `¥${Math.round(value / 100)}` : metricText(metric, value)

function chartOption(
  points: TrendPoint[],
  metric: Metric,
  label: string,
  mode: Mode,
): Parameters<ECharts['setOption']>[0] {
  const palette = PALETTES[mode]
  const isBar = metric === 'money' || metric === 'orders'
  const colour = isBar ? palette.orangeVivid : metric === 'visitors' ? palette.blue : palette.green
  const axis = {
    axisLine: { lineStyle: { color: palette.line } },
    axisLabel: { color: palette.textSoft, hideOverlap: true },
    axisTick: { show: false },
  }
  const data = points.map((point) => point[metric])
  return {
    aria: { enabled: true },
    animationDuration: 300,
    textStyle: { fontFamily: FONT },
    grid: { left: 8, right: 8, top: 16, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: {
      trigger: 'axis',
      backgroundColor: palette.raised,
      borderColor: palette.line,
      textStyle: { color: palette.text },
      valueFormatter: (value: unknown) => metricText(metric, typeof value === 'number' ? value : null),
    },
    xAxis: { type: 'category', data: points.map((point) => point.label), ...axis },
    yAxis: {
      type: 'value',
      minInterval: 1,
      ...axis,
      axisLine: { show: false },
      splitLine: { lineStyle: { color: palette.line } },
      axisLabel: { color: palette.textSoft, formatter: axisText(metric) },
    },
    series: [
      isBar
        ? {
            type: 'bar',
            name: label,
            data,
            barMaxWidth: 22,
            itemStyle: { color: colour, opacity: 0.85, borderRadius: [4, 4, 0, 0] },
          }
        : {
            type: 'line',
            name: label,
            data,
            smooth: 0.3,
            smoothMonotone: 'x',
            showSymbol: points.length <= 7,
            connectNulls: true,
            itemStyle: { color: colour },
            lineStyle: { width: 2 },
            areaStyle: { color: colour, opacity: 0.1 },
          },
    ],
  }
}
