package dev.limpet.examples.nemesis.load;

import java.util.ArrayList;
import java.util.List;

/**
 * Who is there: durable and transient subscribers, share groups, publishers at each QoS, ids that
 * several connections fight for, and clients with wills. Topics are {@code m/GROUP/PUBLISHER}.
 * Confined to the event loop.
 */
final class Crowd {

  private static final int GROUPS = 4;
  private static final int DURABLE = 6;
  private static final int WANDERING = 2;
  private static final int TRANSIENT = 4;
  private static final int SHARING = 3;
  private static final int PERIOD_MILLIS = 150;
  private static final int CONTEST_MILLIS_LEAST = 500;
  private static final int CONTEST_MILLIS_MOST = 2_500;
  private static final int WILL_MILLIS = 700;
  private static final int LIFE_MILLIS_LEAST = 500;
  private static final int LIFE_MILLIS_MOST = 8_000;

  private final World world;
  private final List<Subscriber> subscribers = new ArrayList<>();
  private final List<Subscriber> wanderers = new ArrayList<>();
  private final List<Publisher> publishers = new ArrayList<>();
  private final List<Contest> contests = new ArrayList<>();
  private final List<WillBearer> bearers = new ArrayList<>();
  private int ids;

  Crowd(World world) {
    this.world = world;
  }

  /** Connects the subscribers. */
  void connect() {
    for (int i = 0; i < DURABLE; i++) {
      subscribe("durable-" + i, true, "m/" + i % GROUPS + "/#", 1 + i % 2);
    }
    for (int i = 0; i < WANDERING; i++) {
      wanderers.add(subscribe("wandering-" + i, true, "m/" + i % GROUPS + "/#", 1 + i % 2));
    }
    for (int i = 0; i < TRANSIENT; i++) {
      subscribe("transient-" + i, false, "m/" + i % GROUPS + "/#", i % 3);
    }
    for (int i = 0; i < SHARING; i++) {
      subscribe("sharing-one-" + i, true, "$share/one/m/0/#", 1);
      subscribe("sharing-two-" + i, true, "$share/two/m/1/#", 2);
    }
    subscribe("wills", true, WillBearer.LEVEL + "#", 2);
  }

  private Subscriber subscribe(String id, boolean durable, String filter, int qos) {
    Subscriber subscriber =
        new Subscriber(world, profile(id, durable, !durable && qos == 0), filter, qos);
    subscribers.add(subscriber);
    subscriber.connect();
    return subscriber;
  }

  /** Half of them are hasty, half are patient; each begins at another node. */
  private Profile profile(String id, boolean durable, boolean direct) {
    int turn = ids++;
    int keepAlive = turn % 2 == 0 ? Profile.HASTY : Profile.PATIENT;
    return new Profile(id, durable, direct, turn, keepAlive);
  }

  boolean areSubscribersReady() {
    return subscribers.stream().allMatch(Subscriber::isReady);
  }

  /** Lets everything else come, too. */
  void begin() {
    for (int group = 0; group < GROUPS; group++) {
      publish(profile("one-" + group, true, false), group, 1);
      publish(profile("two-" + group, true, false), group, 2);
    }
    publish(profile("zero", false, false), 0, 0);
    for (int node = 0; node < world.nodes(); node++) {
      Profile steady =
          new Profile("steady-" + world.node(node).node(), false, true, node, Profile.HASTY);
      publish(steady, node % GROUPS, 1);
    }
    for (int i = 0; i < GROUPS; i++) {
      Profile contested = new Profile("contested-" + i, i % 2 == 0, i >= 2, 0, Profile.PATIENT);
      Contest contest = new Contest(world, contested);
      contests.add(contest);
      contest.run(CONTEST_MILLIS_LEAST, CONTEST_MILLIS_MOST);
    }
    wanderers.forEach(Subscriber::wander);
    world.vertx().setPeriodic(WILL_MILLIS, timer -> bear());
  }

  private void publish(Profile profile, int group, int qos) {
    Publisher publisher = new Publisher(world, profile);
    publishers.add(publisher);
    publisher.connect();
    publisher.tick("m/" + group + "/" + profile.id(), qos, PERIOD_MILLIS);
  }

  private void bear() {
    if (world.isRestless()) {
      int turn = ids++;
      WillBearer bearer =
          new WillBearer(world, new Profile("mortal-" + turn, false, false, turn, Profile.PATIENT));
      bearers.add(bearer);
      bearer.live(world.between(LIFE_MILLIS_LEAST, LIFE_MILLIS_MOST));
    }
  }

  void storm(int clients) {
    for (int i = 0; i < clients; i++) {
      int turn = ids++;
      new Passer(world, new Profile("passer-" + turn, false, false, turn, Profile.HASTY)).pass();
    }
  }

  void sayGoodbye() {
    bearers.forEach(WillBearer::disconnect);
  }

  /** The ids of those that can be probed. */
  List<String> subscribers() {
    return subscribers.stream().map(each -> each.profile().id()).toList();
  }

  boolean areAcknowledged() {
    return publishers.stream().allMatch(Publisher::isDone);
  }
}
