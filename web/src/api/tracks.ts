// Tracks: people followed under a model, what should be noticed, and what was written.

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Day } from '../format/day'
import type { View } from '../view/view'
import { ask, askAll } from './client'
import { lens } from './queries'
import type { AlertRecord, NewTrack, Paths, ReportFile, StateModel, Track, TrackComparison, TrackReport } from './types'

export const trackPath = (name: string): string => `/tracks/${encodeURIComponent(name)}`

export const useTracks = () => useQuery({ queryKey: ['tracks'], queryFn: ({ signal }) => askAll<Track>('/tracks', signal) })

export const useOpenAlerts = () =>
  useQuery({ queryKey: ['alerts', 'open'], queryFn: ({ signal }) => askAll<AlertRecord>('/alerts?open=true', signal) })

/** Every time that an alert was outside, the latest first. */
export const useAlertHistory = (track: string) =>
  useQuery({ queryKey: ['alerts', track], queryFn: ({ signal }) => askAll<AlertRecord>(`/alerts?track=${encodeURIComponent(track)}`, signal) })

export function useTrackReport(name: string, to: Day) {
  return useQuery({
    queryKey: ['track-report', name, to],
    queryFn: ({ signal }) => ask<TrackReport>('GET', `${trackPath(name)}/report?to=${to}&top=1`, undefined, signal),
    placeholderData: keepPreviousData,
    retry: false,
  })
}

export const useTrack = (name: string) =>
  useQuery({ queryKey: ['track', name], queryFn: ({ signal }) => ask<Track>('GET', trackPath(name), undefined, signal), retry: false })

export function useReports(name: string) {
  return useQuery({ queryKey: ['track-reports', name], queryFn: ({ signal }) => askAll<ReportFile>(`${trackPath(name)}/reports`, signal) })
}

export function useTrackComparison(name: string, other: string | undefined, to: Day) {
  return useQuery({
    queryKey: ['track-compare', name, other, to],
    queryFn: ({ signal }) => ask<TrackComparison>('GET', `${trackPath(name)}/compare?with=${encodeURIComponent(other ?? '')}&to=${to}`, undefined, signal),
    enabled: other !== undefined,
    retry: false,
  })
}

/** So many paths are asked for: few worlds have more, and then the rest is counted. */
const MOST_PATHS = 1000

export function usePaths(view: View, dates: readonly Day[], isReady: boolean) {
  const body = { ...lens(view), dates, top: MOST_PATHS }
  return useQuery({
    queryKey: ['paths', body],
    queryFn: ({ signal }) => ask<Paths>('POST', '/paths', body, signal),
    placeholderData: keepPreviousData,
    enabled: isReady && dates.length > 1,
    retry: false,
  })
}

/** One version of a model, where a name says which. */
export function useModelVersion(reference: string) {
  const [, name, version] = /^(.*)@(\d+)$/.exec(reference) ?? []
  return useQuery({
    queryKey: ['model-version', reference],
    queryFn: ({ signal }) => ask<StateModel>('GET', `/state-models/${encodeURIComponent(name ?? '')}/versions/${version}`, undefined, signal),
    enabled: name !== undefined,
  })
}

function useTrackMutation<T, R>(mutationFn: (input: T) => Promise<R>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn,
    onSuccess: () =>
      Promise.all(['tracks', 'track', 'track-report', 'track-reports', 'alerts'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  })
}

export const useNewTrack = () => useTrackMutation((track: NewTrack) => ask<Track>('POST', '/tracks', track))

export const usePutTrack = () => useTrackMutation(({ name, ...body }: NewTrack) => ask<Track>('PUT', trackPath(name), body))

export const useDeleteTrack = () => useTrackMutation((name: string) => ask<undefined>('DELETE', trackPath(name)))

export const useRefreshTrack = () =>
  useTrackMutation(({ name, to }: { name: string; to: Day }) => ask<{ to: string; reports: ReportFile[] }>('POST', `${trackPath(name)}/refresh?to=${to}`))
