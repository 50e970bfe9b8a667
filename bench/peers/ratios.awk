# Of lines `NAME RATE`, several of each name: medians with smallest and largest, then drover's ratios to its peers, round by round.
function sorted(list, n,   i, j, x) { for (i = 2; i <= n; i++) { x = list[i]; for (j = i - 1; j > 0 && list[j] > x; j--) list[j + 1] = list[j]; list[j + 1] = x } }
function show(label, list, n, form) {
    sorted(list, n)
    printf "%-32s " form "  " form ".." form "\n", label, (list[int((n + 1) / 2)] + list[int(n / 2) + 1]) / 2, list[1], list[n]
}
{ if (!($1 in count)) names[++kinds] = $1; rate[$1, ++count[$1]] = $2 }
function best(name, round,   x, k) {
    if (name != "celery") return rate[name, round]
    for (k in count) if (k ~ /^celery/ && rate[k, round] > x) x = rate[k, round]
    return x
}
function ratio(ours, theirs,   i, n, list) {
    for (i = 1; i <= count[ours]; i++) if (best(theirs, i) > 0) list[++n] = rate[ours, i] / best(theirs, i)
    if (n) show(ours " / " theirs (theirs == "celery" ? " (its best)" : ""), list, n, "%.2f")
}
END {
    print "items/s: median, smallest..largest"
    for (k = 1; k <= kinds; k++) { for (i = 1; i <= count[names[k]]; i++) list[i] = rate[names[k], i]; show(names[k], list, count[names[k]], "%d") }
    print "ratios: median, smallest..largest"
    ratio("drover-run", "xargs"); ratio("drover-run", "parallel")
    ratio("drover-payloads", "sidekiq"); ratio("drover-payloads", "raw-pop"); ratio("drover-push", "sidekiq-push"); ratio("drover-push", "raw-push")
    ratio("drover-stream", "celery")
}
