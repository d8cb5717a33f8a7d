#include "base/pool.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* A slot goes FREE -> READY (produced) -> BUSY (a worker has it) -> DONE (worked) -> FREE (consumed). */
typedef enum slot_state { SLOT_FREE, SLOT_READY, SLOT_BUSY, SLOT_DONE } slot_state;

typedef struct slot {
    slot_state state;
    eb_status status;
    eb_error error;
} slot;

typedef struct pool {
    const eb_pool_job *job;
    pthread_mutex_t lock;
    pthread_cond_t ready, done;
    slot *slots;
    size_t produced, taken, consumed; /* sequence numbers; slot of number n is n % item_count */
    bool stop;
} pool;

typedef struct worker {
    pool *pool;
    void *state;
    pthread_t thread;
} worker;

static slot *slot_of(pool *p, size_t number)
{
    return &p->slots[number % p->job->item_count];
}

static void *work_loop(void *argument)
{
    worker *self = argument;
    pool *p = self->pool;
    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (!p->stop && p->taken == p->produced) pthread_cond_wait(&p->ready, &p->lock);
        if (p->stop) break;
        size_t number = p->taken++;
        slot *s = slot_of(p, number);
        s->state = SLOT_BUSY;
        pthread_mutex_unlock(&p->lock);
        eb_status status = p->job->work(p->job->user, self->state, p->job->items[number % p->job->item_count], &s->error);
        pthread_mutex_lock(&p->lock);
        s->status = status;
        s->state = SLOT_DONE;
        pthread_cond_signal(&p->done);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* Wait until the oldest item is done, looking every 100 ms whether the caller wants to stop. */
static eb_status wait_oldest(pool *p, const eb_env *env, eb_error *err)
{
    eb_status status = EB_OK;
    pthread_mutex_lock(&p->lock);
    while (status == EB_OK && slot_of(p, p->consumed)->state != SLOT_DONE) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 100000000L;
        if (until.tv_nsec >= 1000000000L) {
            until.tv_sec++;
            until.tv_nsec -= 1000000000L;
        }
        if (pthread_cond_timedwait(&p->done, &p->lock, &until) != 0 && p->job->waiting) p->job->waiting(p->job->user);
        status = eb_env_check(env, err);
    }
    pthread_mutex_unlock(&p->lock);
    return status;
}

static eb_status consume_oldest(pool *p, const eb_env *env, eb_error *err)
{
    eb_status status = wait_oldest(p, env, err);
    if (status != EB_OK) return status;
    slot *s = slot_of(p, p->consumed);
    if (s->status != EB_OK) {
        if (err) *err = s->error;
        return s->status;
    }
    void *item = p->job->items[p->consumed % p->job->item_count];
    status = p->job->consume ? p->job->consume(p->job->user, item, err) : EB_OK;
    s->state = SLOT_FREE;
    p->consumed++;
    return status;
}

static eb_status produce_one(pool *p, bool *more, eb_error *err)
{
    eb_status status = p->job->produce(p->job->user, p->job->items[p->produced % p->job->item_count], more, err);
    if (status != EB_OK || !*more) return status;
    pthread_mutex_lock(&p->lock);
    slot *s = slot_of(p, p->produced);
    s->state = SLOT_READY;
    s->error = (eb_error){.fid = EB_NO_FID};
    p->produced++;
    pthread_cond_signal(&p->ready);
    pthread_mutex_unlock(&p->lock);
    return EB_OK;
}

static eb_status feed(pool *p, const eb_env *env, eb_error *err)
{
    bool more = true;
    eb_status status = EB_OK;
    while (status == EB_OK && (more || p->consumed < p->produced)) {
        status = eb_env_check(env, err);
        if (status != EB_OK) break;
        if (more && p->produced - p->consumed < p->job->item_count)
            status = produce_one(p, &more, err);
        else
            status = consume_oldest(p, env, err);
    }
    return status;
}

static eb_status run_alone(const eb_pool_job *job, const eb_env *env, eb_error *err)
{
    for (;;) {
        bool more = true;
        eb_status status = eb_env_check(env, err);
        if (status == EB_OK) status = job->produce(job->user, job->items[0], &more, err);
        if (status != EB_OK || !more) return status;
        status = job->work(job->user, job->workers[0], job->items[0], err);
        if (status == EB_OK && job->consume) status = job->consume(job->user, job->items[0], err);
        if (status != EB_OK) return status;
    }
}

eb_status eb_pool_run(const eb_pool_job *job, const eb_env *env, eb_error *err)
{
    if (job->worker_count <= 1 || job->item_count < 2) return run_alone(job, env, err);
    pool p = {.job = job};
    worker *workers = calloc((size_t)job->worker_count, sizeof *workers);
    p.slots = calloc(job->item_count, sizeof *p.slots);
    eb_status status = EB_OK;
    int started = 0;
    if (!workers || !p.slots) {
        status = eb_error_memory(err);
        goto done;
    }
    pthread_mutex_init(&p.lock, NULL);
    pthread_cond_init(&p.ready, NULL);
    pthread_cond_init(&p.done, NULL);
    for (; started < job->worker_count; started++) {
        workers[started] = (worker){.pool = &p, .state = job->workers[started]};
        if (pthread_create(&workers[started].thread, NULL, work_loop, &workers[started]) != 0) break;
    }
    /* Fewer threads than asked for is no failure as long as there is one. */
    status = started > 0 ? feed(&p, env, err) : run_alone(job, env, err);
    pthread_mutex_lock(&p.lock);
    p.stop = true;
    pthread_cond_broadcast(&p.ready);
    pthread_mutex_unlock(&p.lock);
    for (int i = 0; i < started; i++) pthread_join(workers[i].thread, NULL);
    pthread_cond_destroy(&p.done);
    pthread_cond_destroy(&p.ready);
    pthread_mutex_destroy(&p.lock);
done:
    free(p.slots);
    free(workers);
    return status;
}

void eb_pool_give_back(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
