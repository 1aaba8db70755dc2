/* Everything that a program which embeds the library may call. */
#ifndef REVCHAIN_REVCHAIN_H
#define REVCHAIN_REVCHAIN_H

#include "revchain/arena.h"
#include "revchain/buffer.h"
#include "revchain/chain.h"
#include "revchain/chainfile.h"
#include "revchain/error.h"
#include "revchain/finding.h"
#include "revchain/findingtable.h"
#include "revchain/foxtrot.h"
#include "revchain/gitlog.h"
#include "revchain/graph.h"
#include "revchain/heads.h"
#include "revchain/history.h"
#include "revchain/lineage.h"
#include "revchain/migration.h"
#include "revchain/order.h"
#include "revchain/project.h"
#include "revchain/pyscan.h"
#include "revchain/refs.h"
#include "revchain/report.h"
#include "revchain/repository.h"
#include "revchain/revmap.h"
#include "revchain/snapshot.h"
#include "revchain/text.h"
#include "revchain/where.h"

#endif
