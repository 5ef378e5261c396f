/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-agent-private.h"

#include "mailer-sync.h"

#include "cloud-error.h"
#include "cloud-lease.h"
#include "cloud-paths.h"
#include "cloud-time.h"

/* Who acts on the network: one worker an account, one lease for all. */

#define FIRST_BACKOFF_S 15
#define LONGEST_BACKOFF_S 900
#define POLL_S 900
#define LOOK_AGAIN_S 60
#define PROGRESS_US (300 * 1000)

enum
{
  PROP_0,
  PROP_BUSY,
  PROP_WATCHING,
  N_PROPS,
};

enum
{
  SYNCED,
  ARRIVED,
  N_SIGNALS,
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

/* One account at work. */
typedef struct
{
  MailerAgent *agent; /* (unowned) */
  MailerAccount *account;
  MailerWorker *worker;
  GCancellable *cancellable;
  gboolean syncing, again, watching;
  guint timer;
  gint64 timer_due_us; /* monotonic */
  guint backoff_s;
  gulong config_id;
} Post;

struct _MailerAgent
{
  GObject parent_instance;
  MailerEngine *engine;
  CloudLease *lease;
  GPtrArray *posts;
  gboolean push, started;
  guint n_holds;
  gulong accounts_id, network_id, gained_id;
};

G_DEFINE_FINAL_TYPE (MailerAgent, mailer_agent, G_TYPE_OBJECT)

static void sync_post (Post *post);
static void watch_post (Post *post);

/* ---- Busy ---- */

void
mailer_agent_hold (MailerAgent *self)
{
  g_object_ref (self);
  if (self->n_holds++ == 0)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
}

void
mailer_agent_release (MailerAgent *self)
{
  if (--self->n_holds == 0)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
  g_object_unref (self);
}

gboolean
mailer_agent_is_busy (MailerAgent *self)
{
  g_return_val_if_fail (MAILER_IS_AGENT (self), FALSE);
  return self->n_holds > 0;
}

gboolean
mailer_agent_is_watching (MailerAgent *self)
{
  g_return_val_if_fail (MAILER_IS_AGENT (self), FALSE);
  for (guint i = 0; i < self->posts->len; i++)
    {
      Post *post = g_ptr_array_index (self->posts, i);

      if (post->watching || post->timer != 0)
        return TRUE;
    }
  return FALSE;
}

static void
set_watching (Post *post, gboolean watching)
{
  if (post->watching == watching)
    return;
  post->watching = watching;
  g_object_notify_by_pspec (G_OBJECT (post->agent), props[PROP_WATCHING]);
}

/* ---- Posts ---- */

static void
post_clear (gpointer data)
{
  Post *self = data;

  g_clear_pointer (&self->worker, mailer_worker_free);
  g_object_unref (self->cancellable);
  g_object_unref (self->account);
}

static Post *
post_ref (Post *self)
{
  return g_rc_box_acquire (self);
}

static void
post_unref (Post *self)
{
  g_rc_box_release_full (self, post_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Post, post_unref)

/* Its account is gone, or the agent stops: what is under way ends, and comes back to a post that does nothing more. */
static void
post_close (gpointer data)
{
  Post *self = data;

  g_clear_signal_handler (&self->config_id, mailer_account_get_config (self->account));
  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->worker, mailer_worker_free);
  post_unref (self);
}

static Post *
find_post (MailerAgent *self, MailerAccount *account)
{
  for (guint i = 0; i < self->posts->len; i++)
    {
      Post *post = g_ptr_array_index (self->posts, i);

      if (post->account == account)
        return post;
    }
  return NULL;
}

MailerWorker *
mailer_agent_get_worker (MailerAgent *self, MailerAccount *account)
{
  Post *post = account != NULL ? find_post (self, account) : NULL;

  return post != NULL ? post->worker : NULL;
}

MailerEngine *
mailer_agent_get_engine (MailerAgent *self)
{
  return self->engine;
}

/* ---- Secrets ---- */

typedef struct
{
  MailerAgent *agent;
  MailerAccount *account;
} PrepareJob;

static void
prepare_job_free (PrepareJob *job)
{
  g_object_unref (job->agent);
  g_object_unref (job->account);
  g_free (job);
}

static void
on_secret (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrepareJob *job = g_task_get_task_data (task);
  MailerWorker *worker = mailer_agent_get_worker (job->agent, job->account);
  const CloudEndpoint *endpoint = cloud_account_get_endpoint (mailer_account_get_config (job->account), CLOUD_ENDPOINT_IMAP);
  GError *error = NULL;
  char *secret = cloud_secrets_lookup_finish (CLOUD_SECRETS (source), result, &error);
  MailerServer server = { 0 };

  if (secret == NULL)
    {
      if (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND))
        error->code = CLOUD_ERROR_AUTH_REQUIRED;
      g_task_return_error (task, error);
      return;
    }
  if (worker == NULL || endpoint == NULL)
    {
      cloud_secret_free (secret);
      g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "The account is gone");
      return;
    }
  server.host = endpoint->host;
  server.port = endpoint->port;
  server.security = endpoint->security == CLOUD_SECURITY_TLS ? MAILER_SECURITY_TLS : MAILER_SECURITY_STARTTLS;
  server.user = endpoint->user;
  server.password = secret;
  server.is_token = endpoint->method == CLOUD_AUTH_OAUTH2;
  mailer_worker_set_server (worker, &server);
  cloud_secret_free (secret);
  g_task_return_boolean (task, TRUE);
}

void
mailer_agent_prepare_async (MailerAgent *self, MailerAccount *account, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  MailerWorker *worker = mailer_agent_get_worker (self, account);
  const CloudEndpoint *endpoint = cloud_account_get_endpoint (mailer_account_get_config (account), CLOUD_ENDPOINT_IMAP);
  PrepareJob *job;

  if (worker == NULL || endpoint == NULL)
    {
      g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "The account is gone");
      return;
    }
  if (mailer_worker_has_server (worker))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  job = g_new0 (PrepareJob, 1);
  job->agent = g_object_ref (self);
  job->account = g_object_ref (account);
  g_task_set_task_data (task, job, (GDestroyNotify) prepare_job_free);
  cloud_secrets_lookup_async (mailer_engine_get_secrets (self->engine), endpoint->credential, NULL, on_secret, g_object_ref (task));
}

gboolean
mailer_agent_prepare_finish (MailerAgent *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

typedef struct
{
  PrepareJob base;
  MailerWorkerFunc func;
  gpointer data;
  GDestroyNotify free_data;
} RunJob;

static void
run_job_free (RunJob *job)
{
  g_object_unref (job->base.agent);
  g_object_unref (job->base.account);
  if (job->data != NULL && job->free_data != NULL)
    job->free_data (job->data);
  g_free (job);
}

static void
on_run (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (mailer_worker_run_finish (NULL, result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_prepared_to_run (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  RunJob *job = g_task_get_task_data (task);
  MailerWorker *worker = mailer_agent_get_worker (job->base.agent, job->base.account);
  GError *error = NULL;

  if (!mailer_agent_prepare_finish (MAILER_AGENT (source), result, &error))
    g_task_return_error (task, error);
  else if (worker == NULL)
    g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "The account is gone");
  else
    mailer_worker_run_async (worker, job->func, g_steal_pointer (&job->data), job->free_data, g_task_get_cancellable (task), on_run, g_object_ref (task));
}

void
mailer_agent_run_async (MailerAgent *self, MailerAccount *account, MailerWorkerFunc func, gpointer data, GDestroyNotify free_data, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  RunJob *job = g_new0 (RunJob, 1);

  job->base.agent = g_object_ref (self);
  job->base.account = g_object_ref (account);
  job->func = func;
  job->data = data;
  job->free_data = free_data;
  g_task_set_task_data (task, job, (GDestroyNotify) run_job_free);
  g_task_set_check_cancellable (task, FALSE);
  mailer_agent_prepare_async (self, account, on_prepared_to_run, task);
}

gboolean
mailer_agent_run_finish (MailerAgent *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- Syncing ---- */

typedef struct
{
  MailerStore *store;
  GCancellable *cancellable;
  gint64 told_us;
} SyncJob;

static void
sync_job_free (gpointer data)
{
  SyncJob *job = data;

  g_object_unref (job->store);
  g_object_unref (job->cancellable);
  g_free (job);
}

static gboolean
on_progress (guint done, guint total, gpointer user_data)
{
  SyncJob *job = user_data;
  gint64 now_us = g_get_monotonic_time ();
  MailerSyncStatus status = { .error_code = -1 };

  if (now_us - job->told_us > PROGRESS_US && mailer_store_get_status (job->store, &status, NULL))
    {
      job->told_us = now_us;
      status.state = MAILER_SYNC_RUNNING;
      status.done = done;
      status.total = total;
      mailer_store_set_status (job->store, &status, NULL);
      g_free (status.message);
    }
  return !g_cancellable_is_cancelled (job->cancellable);
}

static gboolean
job_sync (MailerImap *imap, MailerStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  return mailer_sync_account (imap, store, on_progress, data, error);
}

/* What every process sees of the sync, written off the main thread. */
typedef struct
{
  MailerStore *store;
  MailerSyncStatus status;
} StatusJob;

static void
status_job_free (StatusJob *job)
{
  g_object_unref (job->store);
  g_free (job->status.message);
  g_free (job);
}

static void
write_status_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  StatusJob *job = data;
  MailerSyncStatus old = { 0 };
  g_autoptr (GError) error = NULL;

  if (mailer_store_get_status (job->store, &old, NULL))
    {
      if (job->status.last_sync_unix_us == 0)
        job->status.last_sync_unix_us = old.last_sync_unix_us;
      g_free (old.message);
    }
  if (!mailer_store_set_status (job->store, &job->status, &error))
    g_warning ("Status: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

static void
write_status (Post *post, MailerSyncState state, const GError *error)
{
  MailerStore *store = mailer_account_get_store (post->account);
  g_autoptr (GTask) task = NULL;
  StatusJob *job;

  if (store == NULL)
    return;
  job = g_new0 (StatusJob, 1);
  job->store = g_object_ref (store);
  job->status.state = state;
  job->status.error_code = error != NULL ? (error->domain == CLOUD_ERROR ? error->code : CLOUD_ERROR_CORRUPT) : -1;
  job->status.message = error != NULL ? g_strdup (error->message) : NULL;
  if (state == MAILER_SYNC_IDLE)
    job->status.last_sync_unix_us = cloud_time_now_unix_us ();
  task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_task_data (task, job, (GDestroyNotify) status_job_free);
  g_task_run_in_thread (task, write_status_in_thread);
}

static gboolean
on_timer (gpointer user_data)
{
  Post *post = user_data;

  post->timer = 0;
  sync_post (post);
  return G_SOURCE_REMOVE;
}

static void
schedule (Post *post, guint delay_s)
{
  g_clear_handle_id (&post->timer, g_source_remove);
  post->timer = g_timeout_add_seconds (delay_s, on_timer, post);
  post->timer_due_us = g_get_monotonic_time () + delay_s * G_TIME_SPAN_SECOND;
  g_object_notify_by_pspec (G_OBJECT (post->agent), props[PROP_WATCHING]);
}

void
mailer_agent_sync_later (MailerAgent *self, MailerAccount *account)
{
  Post *post = find_post (self, account);

  if (post != NULL && self->push && !post->syncing && (post->timer == 0 || post->timer_due_us > g_get_monotonic_time () + LOOK_AGAIN_S * G_TIME_SPAN_SECOND))
    schedule (post, LOOK_AGAIN_S);
}

static void
end_sync (Post *post, GError *error)
{
  MailerAgent *self = post->agent;
  gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  post->syncing = FALSE;
  if (!cancelled)
    write_status (post, error != NULL ? MAILER_SYNC_FAILED : MAILER_SYNC_IDLE, error);
  g_signal_emit (self, signals[SYNCED], 0, post->account, error);
  if (g_cancellable_is_cancelled (post->cancellable))
    post->again = FALSE;
  else if (error == NULL)
    {
      post->backoff_s = 0;
      mailer_agent_settle_sends (self, post->account);
      mailer_agent_settle_changes (self, post->account);
      if (post->again)
        sync_post (post);
      else if (self->push)
        watch_post (post);
    }
  else if (!cancelled && self->push && !g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_AUTH_REQUIRED) && !g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_LOCKED) &&
           !g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_UNTRUSTED))
    {
      post->backoff_s = CLAMP (post->backoff_s * 2, FIRST_BACKOFF_S, LONGEST_BACKOFF_S);
      schedule (post, post->backoff_s + g_random_int_range (0, FIRST_BACKOFF_S));
    }
  /* A refused password is asked for again: forget the one there is. */
  if (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_AUTH_REQUIRED) && post->worker != NULL)
    mailer_worker_set_server (post->worker, NULL);
  post->again = FALSE;
  mailer_agent_release (self);
}

static void
on_synced (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Post) post = user_data;
  g_autoptr (GError) error = NULL;

  mailer_worker_run_finish (NULL, result, &error);
  end_sync (post, error);
}

static void
on_prepared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Post) post = user_data;
  g_autoptr (GError) error = NULL;
  SyncJob *job;

  if (!mailer_agent_prepare_finish (MAILER_AGENT (source), result, &error) || g_cancellable_set_error_if_cancelled (post->cancellable, &error))
    {
      end_sync (post, error);
      return;
    }
  write_status (post, MAILER_SYNC_RUNNING, NULL);
  job = g_new0 (SyncJob, 1);
  job->store = g_object_ref (mailer_account_get_store (post->account));
  job->cancellable = g_object_ref (post->cancellable);
  mailer_worker_run_async (post->worker, job_sync, job, sync_job_free, NULL, on_synced, post_ref (post));
}

static void
sync_post (Post *post)
{
  g_clear_handle_id (&post->timer, g_source_remove);
  if (post->syncing)
    {
      post->again = TRUE;
      return;
    }
  if (mailer_account_get_store (post->account) == NULL)
    return;
  post->syncing = TRUE;
  mailer_agent_hold (post->agent);
  mailer_agent_prepare_async (post->agent, post->account, on_prepared, post_ref (post));
}

/* ---- Waiting for news ---- */

static void
on_news (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Post) post = user_data;
  g_autoptr (GError) error = NULL;
  gboolean changed = FALSE;
  gboolean ok = mailer_worker_idle_finish (NULL, result, &changed, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || g_cancellable_is_cancelled (post->cancellable))
    return;
  set_watching (post, FALSE);
  if (changed)
    g_signal_emit (post->agent, signals[ARRIVED], 0, post->account);
  if (post->syncing)
    return;
  if (changed)
    sync_post (post);
  else if (ok)
    watch_post (post);
  else if (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED))
    schedule (post, POLL_S);
  else
    {
      post->backoff_s = CLAMP (post->backoff_s * 2, FIRST_BACKOFF_S, LONGEST_BACKOFF_S);
      schedule (post, post->backoff_s);
    }
}

static void
watch_post (Post *post)
{
  if (post->watching)
    return;
  set_watching (post, TRUE);
  mailer_worker_idle_async (post->worker, on_news, post_ref (post));
}

/* ---- Accounts ---- */

/* Another server, name or password: what is open is closed, and the journal goes on where it stopped for lack of the right one. */
static void
on_config_changed (CloudAccount *config, gpointer user_data)
{
  Post *post = user_data;

  mailer_worker_set_server (post->worker, NULL);
  mailer_agent_sync (post->agent, post->account);
}

static void
collect_posts (MailerAgent *self)
{
  GListModel *accounts = mailer_engine_get_accounts (self->engine);
  guint n = g_list_model_get_n_items (accounts);

  for (guint i = self->posts->len; i-- > 0;)
    {
      Post *post = g_ptr_array_index (self->posts, i);

      if (mailer_engine_find_account (self->engine, mailer_account_get_id (post->account)) != post->account)
        g_ptr_array_remove_index (self->posts, i);
    }
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (accounts, i);
      Post *post;

      if (mailer_account_is_local (account) || find_post (self, account) != NULL || mailer_account_get_store (account) == NULL)
        continue;
      post = g_rc_box_new0 (Post);
      post->agent = self;
      post->account = g_object_ref (account);
      post->worker = mailer_worker_new (mailer_account_get_store (account));
      post->cancellable = g_cancellable_new ();
      post->config_id = g_signal_connect (mailer_account_get_config (account), "changed", G_CALLBACK (on_config_changed), post);
      g_ptr_array_add (self->posts, post);
      if (self->started && mailer_agent_is_active (self))
        sync_post (post);
    }
}

static void
on_accounts_changed (GListModel *accounts, guint at, guint removed, guint added, gpointer user_data)
{
  collect_posts (user_data);
}

static void
on_network_changed (GNetworkMonitor *monitor, gboolean available, gpointer user_data)
{
  MailerAgent *self = user_data;

  /* A hint, never a gate: whatever it says, the connections of before are in doubt. */
  for (guint i = 0; i < self->posts->len; i++)
    mailer_worker_reconnect (((Post *) g_ptr_array_index (self->posts, i))->worker);
  mailer_agent_sync (self, NULL);
}

static void
on_gained (CloudLease *lease, gpointer user_data)
{
  mailer_agent_sync (user_data, NULL);
}

gboolean
mailer_agent_is_active (MailerAgent *self)
{
  g_return_val_if_fail (MAILER_IS_AGENT (self), FALSE);
  return self->lease != NULL && cloud_lease_get_held (self->lease);
}

static void
on_resumed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  cloud_outbox_change_finish (CLOUD_OUTBOX (source), result, NULL);
}

void
mailer_agent_sync (MailerAgent *self, MailerAccount *account)
{
  g_return_if_fail (MAILER_IS_AGENT (self));

  if (!self->started)
    return;
  cloud_outbox_resume_target_async (mailer_engine_get_journal (self->engine), account != NULL ? mailer_account_get_id (account) : "", NULL, on_resumed, NULL);
  if (!mailer_agent_is_active (self))
    return;
  for (guint i = 0; i < self->posts->len; i++)
    {
      Post *post = g_ptr_array_index (self->posts, i);

      if (account == NULL || post->account == account)
        sync_post (post);
    }
}

/* ---- Object ---- */

void
mailer_agent_start (MailerAgent *self)
{
  CloudOutbox *journal = mailer_engine_get_journal (self->engine);
  g_autofree char *dir = cloud_paths_data_dir ("mail");
  g_autofree char *path = g_build_filename (dir, "sync", NULL);

  g_return_if_fail (!self->started);

  self->started = TRUE;
  collect_posts (self);
  mailer_agent_add_kinds (self, journal);
  cloud_outbox_run (journal);
  self->lease = cloud_lease_new (path);
  self->gained_id = g_signal_connect (self->lease, "gained", G_CALLBACK (on_gained), self);
  cloud_lease_request (self->lease);
}

void
mailer_agent_stop (MailerAgent *self)
{
  if (self->accounts_id != 0)
    g_clear_signal_handler (&self->accounts_id, mailer_engine_get_accounts (self->engine));
  g_clear_signal_handler (&self->network_id, g_network_monitor_get_default ());
  if (self->lease != NULL)
    g_clear_signal_handler (&self->gained_id, self->lease);
  self->push = FALSE;
  g_ptr_array_set_size (self->posts, 0);
  g_clear_object (&self->lease);
}

static void
mailer_agent_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MailerAgent *self = MAILER_AGENT (object);

  g_value_set_boolean (value, id == PROP_BUSY ? mailer_agent_is_busy (self) : mailer_agent_is_watching (self));
}

static void
mailer_agent_dispose (GObject *object)
{
  MailerAgent *self = MAILER_AGENT (object);

  if (self->engine != NULL)
    mailer_agent_stop (self);
  g_clear_pointer (&self->posts, g_ptr_array_unref);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (mailer_agent_parent_class)->dispose (object);
}

static void
mailer_agent_class_init (MailerAgentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mailer_agent_get_property;
  object_class->dispose = mailer_agent_dispose;
  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_WATCHING] = g_param_spec_boolean ("watching", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[SYNCED] = g_signal_new ("synced", MAILER_TYPE_AGENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, MAILER_TYPE_ACCOUNT, G_TYPE_ERROR);
  signals[ARRIVED] = g_signal_new ("arrived", MAILER_TYPE_AGENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, MAILER_TYPE_ACCOUNT);
}

static void
mailer_agent_init (MailerAgent *self)
{
  self->posts = g_ptr_array_new_with_free_func (post_close);
}

MailerAgent *
mailer_agent_new (MailerEngine *engine, gboolean push)
{
  MailerAgent *self = g_object_new (MAILER_TYPE_AGENT, NULL);

  self->engine = g_object_ref (engine);
  self->push = push;
  self->accounts_id = g_signal_connect (mailer_engine_get_accounts (engine), "items-changed", G_CALLBACK (on_accounts_changed), self);
  self->network_id = g_signal_connect (g_network_monitor_get_default (), "network-changed", G_CALLBACK (on_network_changed), self);
  return self;
}
