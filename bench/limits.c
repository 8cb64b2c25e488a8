/* What the machine allows: how fast all threads together read memory, and how fast they set random bits of a set.
 *
 * Prints JSON. The set has 625 KB, room for five million people, one for each thread: what building a set of people
 * from their numbers costs at the least. Best of five, because a disturbance only ever makes it slower. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WORDS (32u << 20) /* 256 MB a thread, far beyond any cache */
#define IDS (1u << 22)
#define BITS (5u * 1000 * 1000)
#define SWEEPS 16

static pthread_barrier_t start, end;
static volatile uint64_t sink;

struct job { uint64_t *words; uint32_t *ids; uint64_t *set; };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void read_all(struct job *job) {
    uint64_t sum = 0;
    for (size_t i = 0; i < WORDS; i++) sum += job->words[i];
    sink += sum;
}

static void scatter(struct job *job) {
    for (int sweep = 0; sweep < SWEEPS; sweep++)
        for (size_t i = 0; i < IDS; i++) job->set[job->ids[i] >> 6] |= 1ull << (job->ids[i] & 63);
}

static void prepare(struct job *job) {
    uint64_t state = 88172645463325252ull;
    job->words = malloc(WORDS * sizeof *job->words);
    job->ids = malloc(IDS * sizeof *job->ids);
    job->set = calloc(BITS / 64 + 1, sizeof *job->set);
    for (size_t i = 0; i < WORDS; i++) job->words[i] = i;
    for (size_t i = 0; i < IDS; i++) {
        state ^= state << 13; state ^= state >> 7; state ^= state << 17;
        job->ids[i] = state % BITS;
    }
}

static void *work(void *unused) {
    struct job job;
    (void)unused;
    prepare(&job);
    for (int round = 0; round < 10; round++) {
        pthread_barrier_wait(&start);
        if (round % 2 == 0) read_all(&job); else scatter(&job);
        pthread_barrier_wait(&end);
    }
    return NULL;
}

int main(int argc, char **argv) {
    int threads = argc > 1 ? atoi(argv[1]) : 1;
    double best[2] = {1e9, 1e9};
    pthread_t thread;
    pthread_barrier_init(&start, NULL, threads + 1);
    pthread_barrier_init(&end, NULL, threads + 1);
    for (int i = 0; i < threads; i++) pthread_create(&thread, NULL, work, NULL);
    for (int round = 0; round < 10; round++) {
        pthread_barrier_wait(&start);
        double begun = now();
        pthread_barrier_wait(&end);
        double took = now() - begun;
        if (took < best[round % 2]) best[round % 2] = took;
    }
    printf("{\"read_gb_per_s\": %.2f, \"scatter_per_s\": %.0f}\n", threads * (WORDS * 8.0) / best[0] / 1e9,
           threads * ((double)IDS * SWEEPS) / best[1]);
    return 0;
}
