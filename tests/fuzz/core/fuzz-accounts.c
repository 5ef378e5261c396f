/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-accounts.h"
#include "cloud-error.h"

#include <stdint.h>

/* The accounts file, whoever wrote it: a list of sound accounts, or an error. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = cloud_accounts_parse (size > 0 ? (const char *) data : "", size, &error);

  g_assert_true ((list == NULL) == (error != NULL));
  if (list == NULL)
    {
      g_assert_true (error->domain == CLOUD_ERROR);
      return 0;
    }
  for (guint i = 0; i < list->len; i++)
    {
      CloudAccount *account = list->pdata[i];

      g_assert_true (g_uuid_string_is_valid (cloud_account_get_uuid (account)));
      for (guint kind = 0; kind < CLOUD_ENDPOINT_N_KINDS; kind++)
        {
          const CloudEndpoint *endpoint = cloud_account_get_endpoint (account, (CloudEndpointKind) kind);

          g_assert_true (endpoint == NULL || (endpoint->host != NULL && endpoint->user != NULL && endpoint->port < 65536));
        }
    }
  return 0;
}
