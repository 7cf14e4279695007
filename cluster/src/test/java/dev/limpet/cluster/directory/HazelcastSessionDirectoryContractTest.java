package dev.limpet.cluster.directory;

import dev.limpet.broker.spi.SessionDirectoryContract;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import dev.limpet.cluster.member.AsyncRetry;
import dev.limpet.cluster.member.HazelcastMembership;
import dev.limpet.cluster.member.TestMembers;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class HazelcastSessionDirectoryContractTest extends SessionDirectoryContract {

  private static TestMembers members;
  private static HazelcastMembership membership;

  @BeforeAll
  static void startMembers() {
    members = new TestMembers(List.of(DirectoryMap::configure));
    membership = members.start("a");
    members.start("b");
  }

  @AfterAll
  static void stopMembers() {
    members.close();
  }

  @Override
  protected SessionDirectory createDirectory(LongSupplier wallMillis) {
    return new HazelcastSessionDirectory(
        members.node(0).instance(), membership.self(), wallMillis, new AsyncRetry(10_000));
  }
}
