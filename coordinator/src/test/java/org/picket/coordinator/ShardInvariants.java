package org.picket.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.picket.coordinator.database.Database;

/// What must hold in the database after whatever has happened.
final class ShardInvariants {
    private ShardInvariants() {}

    static void check(Database database) {
        none(database, "a lease id is current in two shards", """
                select lease_id from shard where state = 1 group by lease_id having count(*) > 1
                """);
        none(database, "shards of a listing overlap", """
                select a.number from shard a join shard b
                    on a.listing_id = b.listing_id and b.number = a.number + 1
                 where b.number < 1073741824 and a.last_key >= b.first_key
                """);
        none(database, "counts of a listing do not add up to what is ruled and listed", """
                select l.id from listing l
                  join (select listing_id, sum(case when state = 3 then objects
                                    when number < 1073741824 then ruled else ruled - objects end) as ruled
                          from shard group by listing_id) s on s.listing_id = l.id
                 where l.known + l.cleared + l.flagged + l.inconclusive + l.gone < s.ruled
                    or l.known + l.cleared + l.flagged + l.inconclusive + l.gone > l.listed
                """);
        none(database, "a complete listing has open objects or shards", """
                select id from listing
                 where state = 2
                   and (shards_open <> 0 or known + cleared + flagged + inconclusive + gone <> listed)
                """);
        none(database, "the number of open shards is wrong", """
                select l.id from listing l
                 where not l.dropped
                   and l.shards_open <> (select count(*) from shard s where s.listing_id = l.id and s.state in (0, 1))
                """);
        none(database, "a shard does not know how many follow-ups of it are open", """
                select p.number from shard p
                 where p.number < 1073741824
                   and p.waiting <> (select count(*) from follow_up f
                                      where f.listing_id = p.listing_id and f.parent = p.number)
                   and p.listing_id in (select id from listing where state in (0, 1, 2))
                """);
        none(database, "a follow-up outlives its shard", """
                select f.number from follow_up f
                 where not exists (select from shard s where s.listing_id = f.listing_id and s.number = f.number
                                                         and s.state in (0, 1))
                """);
        none(database, "a shard has not as many rulings as ruled objects", """
                select number from shard where octet_length(rulings) <> (ruled + 3) / 4
                """);
    }

    private static void none(Database database, String what, String query) {
        List<Map<String, Object>> broken = database.transaction(
                handle -> handle.createQuery(query).mapToMap().list());
        assertEquals(List.of(), broken, what);
    }
}
