#include "engine/reduce.h"

#include <stdlib.h>
#include <string.h>

enum { CROSSING_EDGES_MAX = 4 * KB_CROSS_MAX };

static bool in_play(const kb_reducer *r, kb_pair_of_rivals pair)
{
	return r->base_of[pair.a] != KB_NONE && r->base_of[pair.b] != KB_NONE;
}

static uint32_t block_of(const kb_reducer *r, const uint32_t *parent, uint32_t item)
{
	uint32_t block = r->out->bases[r->base_of[item]].block;
	while (parent && parent[block] != block) block = parent[block];
	return block;
}

/* All of a question's crossing rivals that are rivals of one another too share one counter with it. */
static uint32_t grow_clique(const kb_reducer *r, const kb_pair_of_rivals *edges, uint32_t from, uint32_t count,
	uint32_t clique[static KB_CLUSTER_MAX])
{
	uint32_t size = 2, hub = edges[from].a;
	clique[0] = hub;
	clique[1] = edges[from].b;
	for (uint32_t e = from + 1; e < count && edges[e].a == hub && size < KB_CLUSTER_MAX; e++) {
		bool all = true;
		for (uint32_t m = 1; m < size && all; m++) all = kb_pool_are_rivals(r->pool, clique[m], edges[e].b);
		if (all) clique[size++] = edges[e].b;
	}
	return size;
}

static bool in_clique(const uint32_t *clique, uint32_t size, uint32_t item)
{
	for (uint32_t m = 0; m < size; m++)
		if (clique[m] == item) return true;
	return false;
}

/* Questions in bit `crossing` move to a base of their own. */
static bool mark_crossing(kb_reducer *r, const uint32_t *clique, uint32_t size, uint32_t crossing)
{
	for (uint32_t m = 0; m < size; m++) {
		uint32_t old = r->base_of[clique[m]];
		kb_base base = r->out->bases[old];
		base.counters |= (uint64_t)1 << (KB_SOURCE_CROSS + crossing);
		uint32_t number = kb_reduce_base(r, &base);
		if (number == KB_NONE) return false;
		r->members[old]--;
		r->members[number]++;
		r->base_of[clique[m]] = number;
	}
	return true;
}

kb_status kb_cluster_cross(kb_reducer *r, uint32_t *parent, kb_err *err)
{
	kb_pair_of_rivals edges[CROSSING_EDGES_MAX];
	bool covered[CROSSING_EDGES_MAX] = { false };
	uint32_t cliques[KB_CROSS_MAX][KB_CLUSTER_MAX], sizes[KB_CROSS_MAX], clique_count = 0, count = 0;
	bool many = false;
	for (uint32_t p = 0; p < r->pool->rival_count && !many; p++) {
		kb_pair_of_rivals pair = r->pool->rivals[p];
		if (!in_play(r, pair) || block_of(r, NULL, pair.a) == block_of(r, NULL, pair.b)) continue;
		many = count == CROSSING_EDGES_MAX;
		if (!many) edges[count++] = pair;
	}
	for (uint32_t e = 0; e < count && !many; e++) {
		if (covered[e]) continue;
		many = clique_count == KB_CROSS_MAX;
		if (many) break;
		uint32_t *clique = cliques[clique_count], size = grow_clique(r, edges, e, count, clique);
		for (uint32_t f = e; f < count; f++)
			covered[f] |= in_clique(clique, size, edges[f].a) && in_clique(clique, size, edges[f].b);
		sizes[clique_count++] = size;
	}
	if (!many) {
		for (uint32_t c = 0; c < clique_count; c++)
			if (!mark_crossing(r, cliques[c], sizes[c], c)) return kb_arena_check(r->arena, err);
		r->out->crossings = clique_count;
		return KB_OK;
	}
	for (uint32_t p = 0; p < r->pool->rival_count; p++) {
		if (!in_play(r, r->pool->rivals[p])) continue;
		uint32_t a = block_of(r, parent, r->pool->rivals[p].a), b = block_of(r, parent, r->pool->rivals[p].b);
		if (a < b) parent[b] = a;
		else parent[a] = b;
	}
	return KB_OK;
}

/* Clusters of rivals inside a block, each a run of questions in `items` with a row of the rivalry matrix each. */
typedef struct clusters {
	uint32_t count;
	uint32_t *first; /* count + 1 places in items */
	uint32_t *items, *bases;
	uint64_t *rows;
	uint32_t *layer; /* of each cluster */
} clusters;

static uint32_t root_of(uint32_t *parent, uint32_t item)
{
	while (parent[item] != item) {
		parent[item] = parent[parent[item]];
		item = parent[item];
	}
	return item;
}

static bool inside(const kb_reducer *r, kb_pair_of_rivals pair)
{
	return in_play(r, pair) && block_of(r, NULL, pair.a) == block_of(r, NULL, pair.b);
}

/* By base, then by place in the pool: equal clusters come to look the same. */
static void sort_members(uint32_t *items, uint32_t *bases, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++) {
		uint32_t item = items[i], base = bases[i], at = i;
		for (; at > 0 && (bases[at - 1] > base || (bases[at - 1] == base && items[at - 1] > item)); at--) {
			items[at] = items[at - 1];
			bases[at] = bases[at - 1];
		}
		items[at] = item;
		bases[at] = base;
	}
}

static uint32_t place_of(const uint32_t *items, uint32_t count, uint32_t item)
{
	uint32_t at = 0;
	while (at < count && items[at] != item) at++;
	return at;
}

/* parent: KB_NONE for questions without rivals. */
static kb_status gather(kb_reducer *r, uint32_t *parent, clusters *c, kb_err *err)
{
	const kb_pool *pool = r->pool;
	uint32_t *number = kb_arena_array(r->arena, pool->count, sizeof *number), members = 0;
	if (!number) return kb_arena_check(r->arena, err);
	for (uint32_t i = 0; i < pool->count; i++) {
		if (parent[i] == KB_NONE) continue;
		members++;
		uint32_t root = root_of(parent, i);
		number[i] = root == i ? c->count++ : number[root];
	}
	c->first = kb_arena_array(r->arena, (size_t)c->count + 1, sizeof *c->first);
	c->items = kb_arena_array(r->arena, members, sizeof *c->items);
	c->bases = kb_arena_array(r->arena, members, sizeof *c->bases);
	c->rows = kb_arena_array(r->arena, members, sizeof *c->rows);
	c->layer = kb_arena_array(r->arena, c->count, sizeof *c->layer);
	uint32_t *filled = kb_arena_array(r->arena, c->count, sizeof *filled);
	if (!c->first || !c->items || !c->bases || !c->rows || !c->layer || !filled) return kb_arena_check(r->arena, err);

	for (uint32_t i = 0; i < pool->count; i++)
		if (parent[i] != KB_NONE) c->first[number[i] + 1]++;
	for (uint32_t k = 0; k < c->count; k++) {
		if (c->first[k + 1] > KB_CLUSTER_MAX) {
			kb_fail(err, KB_LIMIT, "draw.rivals", "%u questions hang together as rivals; at most %d can be counted",
				c->first[k + 1], KB_CLUSTER_MAX);
			return kb_hint(err, "look through the rivalries of this pool: some of them are surely not needed");
		}
		c->first[k + 1] += c->first[k];
	}
	for (uint32_t i = 0; i < pool->count; i++) {
		if (parent[i] == KB_NONE) continue;
		uint32_t at = c->first[number[i]] + filled[number[i]]++;
		c->items[at] = i;
		c->bases[at] = r->base_of[i];
	}
	for (uint32_t k = 0; k < c->count; k++)
		sort_members(c->items + c->first[k], c->bases + c->first[k], c->first[k + 1] - c->first[k]);
	for (uint32_t p = 0; p < pool->rival_count; p++) {
		kb_pair_of_rivals pair = pool->rivals[p];
		if (!inside(r, pair)) continue;
		uint32_t first = c->first[number[pair.a]], width = c->first[number[pair.a] + 1] - first;
		uint32_t a = place_of(c->items + first, width, pair.a), b = place_of(c->items + first, width, pair.b);
		c->rows[first + a] |= (uint64_t)1 << b;
		c->rows[first + b] |= (uint64_t)1 << a;
	}
	return KB_OK;
}

static uint32_t shape_hash(const clusters *c, uint32_t cluster)
{
	uint64_t h = 0;
	for (uint32_t at = c->first[cluster]; at < c->first[cluster + 1]; at++)
		h = (h ^ c->bases[at] ^ c->rows[at] << 20) * UINT64_C(0x9E3779B97F4A7C15) + (h >> 31);
	return (uint32_t)(h >> 32);
}

static bool same_shape(const clusters *c, uint32_t a, uint32_t b)
{
	uint32_t width = c->first[a + 1] - c->first[a];
	return width == c->first[b + 1] - c->first[b] &&
			memcmp(c->bases + c->first[a], c->bases + c->first[b], width * sizeof *c->bases) == 0 &&
			memcmp(c->rows + c->first[a], c->rows + c->first[b], width * sizeof *c->rows) == 0;
}

/* Clusters of one shape share a layer. */
static kb_status add_cluster_layers(kb_reducer *r, clusters *c, kb_err *err)
{
	uint32_t mask = 1;
	while (mask < 2 * c->count) mask *= 2;
	uint32_t *slots = kb_arena_array(r->arena, mask, sizeof *slots); /* a cluster of the shape, + 1 */
	if (!slots) return kb_arena_check(r->arena, err);
	mask--;
	for (uint32_t k = 0; k < c->count; k++) {
		uint32_t at = shape_hash(c, k) & mask, first = c->first[k];
		while (slots[at] && !same_shape(c, slots[at] - 1, k)) at = (at + 1) & mask;
		if (slots[at]) {
			c->layer[k] = c->layer[slots[at] - 1];
			r->out->layers[c->layer[k]].copies++;
			continue;
		}
		slots[at] = k + 1;
		c->layer[k] = r->out->layer_count++;
		r->out->layers[c->layer[k]] = (kb_layer){ r->out->bases[c->bases[first]].block, 1, c->first[k + 1] - first,
			c->bases + first, c->rows + first };
	}
	return KB_OK;
}

static int compare_layers(const void *left, const void *right)
{
	const kb_layer *a = left, *b = right;
	if (a->block != b->block) return a->block < b->block ? -1 : 1;
	return a->items[0] < b->items[0] ? -1 : a->items[0] > b->items[0];
}

static kb_status fill_layers(
	kb_reducer *r, const clusters *c, const uint32_t *parent, const uint32_t *layer_of_base, kb_err *err)
{
	kb_reduction *out = r->out;
	uint32_t *place = kb_arena_array(r->arena, out->alive, sizeof *place), *next = place;
	uint32_t *filled = kb_arena_array(r->arena, out->layer_count, sizeof *filled);
	if (!place || !filled) return kb_arena_check(r->arena, err);
	for (uint32_t l = 0; l < out->layer_count; l++) {
		kb_layer *layer = &out->layers[l];
		layer->items = next;
		next += (size_t)layer->copies * layer->width;
		for (uint32_t m = 0; m < layer->width; m++) layer->units |= out->bases[layer->bases[m]].units;
	}
	for (uint32_t i = 0; i < r->pool->count; i++) {
		if (r->base_of[i] == KB_NONE || parent[i] != KB_NONE) continue;
		uint32_t l = layer_of_base[r->base_of[i]];
		out->layers[l].items[filled[l]++] = i;
	}
	for (uint32_t k = 0; k < c->count; k++) {
		kb_layer *layer = &out->layers[c->layer[k]];
		memcpy(layer->items + (size_t)filled[c->layer[k]]++ * layer->width, c->items + c->first[k],
			layer->width * sizeof *layer->items);
	}
	qsort(out->layers, out->layer_count, sizeof *out->layers, compare_layers);
	return KB_OK;
}

kb_status kb_cluster_layers(kb_reducer *r, kb_err *err)
{
	const kb_pool *pool = r->pool;
	kb_reduction *out = r->out;
	uint32_t *parent = kb_arena_array(r->arena, pool->count, sizeof *parent);
	uint32_t *singles = kb_arena_array(r->arena, out->base_count, sizeof *singles);
	uint32_t *layer_of_base = kb_arena_array(r->arena, out->base_count, sizeof *layer_of_base);
	uint32_t *own = kb_arena_array(r->arena, out->base_count, sizeof *own);
	if (!parent || !singles || !layer_of_base || !own) return kb_arena_check(r->arena, err);
	memset(parent, 0xFF, pool->count * sizeof *parent);
	for (uint32_t p = 0; p < pool->rival_count; p++) {
		kb_pair_of_rivals pair = pool->rivals[p];
		if (!inside(r, pair)) continue;
		if (parent[pair.a] == KB_NONE) parent[pair.a] = pair.a;
		if (parent[pair.b] == KB_NONE) parent[pair.b] = pair.b;
		uint32_t a = root_of(parent, pair.a), b = root_of(parent, pair.b);
		if (a < b) parent[b] = a;
		else parent[a] = b;
	}
	clusters c = { 0 };
	KB_TRY(gather(r, parent, &c, err));

	for (uint32_t i = 0; i < pool->count; i++)
		if (r->base_of[i] != KB_NONE && parent[i] == KB_NONE) singles[r->base_of[i]]++;
	out->layers = kb_arena_array(r->arena, (size_t)out->base_count + c.count, sizeof *out->layers);
	if (!out->layers) return kb_arena_check(r->arena, err);
	for (uint32_t b = 0; b < out->base_count; b++) {
		own[b] = b;
		if (singles[b] == 0) continue;
		layer_of_base[b] = out->layer_count;
		out->layers[out->layer_count++] = (kb_layer){ out->bases[b].block, singles[b], 1, &own[b], NULL };
	}
	KB_TRY(add_cluster_layers(r, &c, err));
	return fill_layers(r, &c, parent, layer_of_base, err);
}
