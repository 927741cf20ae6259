package io.penstock.docs;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import io.penstock.testing.Fence;
import io.penstock.testing.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every page of the repository, held to the code; each rule has a test of its own besides. */
@Timeout(600)
class PagesTest {
  private static final Repository REPOSITORY = Repository.OWN;
  private static final List<Page> PAGES = Page.all(REPOSITORY.root());

  @TempDir static Path checkout;

  private static Sources sources;
  private static Launcher launcher;
  private static Commands commands;
  private static Names names;

  @BeforeAll
  static void read() throws Exception {
    sources = Sources.of(REPOSITORY);
    launcher = Launcher.in(checkout, REPOSITORY);
    commands = Commands.of(REPOSITORY, sources, launcher);
    names = new Names(sources, ClassPathNames.all());
  }

  private static List<Fence> fences(String... languages) {
    return PAGES.stream()
        .flatMap(page -> page.fences().stream())
        .filter(fence -> Set.of(languages).contains(fence.language()))
        .toList();
  }

  private static Stream<Page.Span> spans() {
    return PAGES.stream().flatMap(page -> page.spans().stream());
  }

  private static void assertNone(List<String> complaints) {
    if (!complaints.isEmpty()) {
      fail("\n" + String.join("\n", complaints) + "\n");
    }
  }

  @Test
  void thereArePages() {
    assertFalse(fences("java").isEmpty());
    assertFalse(fences("bash").isEmpty());
  }

  @Test
  void everyBlockIsOfALanguageThatSomeTestReads() {
    OtherBlocks blocks = new OtherBlocks(names);
    assertNone(
        PAGES.stream()
            .flatMap(
                page ->
                    Stream.concat(
                        OtherBlocks.indented(page).stream(),
                        page.fences().stream().flatMap(it -> blocks.complaints(it).stream())))
            .toList());
  }

  @Test
  void everyCommandIsTakenByItsProgram() throws Exception {
    List<String> complaints = new ArrayList<>();
    for (Fence fence : fences("bash", "sh")) {
      complaints.addAll(commands.complaints(fence));
    }
    assertNone(complaints);
  }

  @Test
  void everyCommandInBackticksNamesWhatThereIs() throws Exception {
    InlineCommands inline = new InlineCommands(commands, new ExampleCommands(launcher, sources));
    List<String> complaints = new ArrayList<>();
    for (Page.Span span : spans().toList()) {
      complaints.addAll(inline.complaints(span));
    }
    assertNone(complaints);
  }

  @Test
  void everyPlanPrintsWhatThePageShows(@TempDir Path folder) throws Exception {
    List<String> complaints = new ArrayList<>();
    for (Page page : PAGES) {
      complaints.addAll(new PlanOutputs(launcher).complaints(page.fences(), folder));
    }
    assertNone(complaints);
  }

  @Test
  void everyJavaBlockCompiles(@TempDir Path out) throws Exception {
    assertNone(new JavaBlocks(new JavaImports(sources)).complaints(fences("java"), out));
  }

  @Test
  void everyDependencyIsThatOfThePoms() {
    XmlBlocks blocks = new XmlBlocks(Poms.of(REPOSITORY));
    assertNone(fences("xml").stream().flatMap(it -> blocks.complaints(it).stream()).toList());
  }

  @Test
  void everyNameInBackticksIsThatOfSomething() {
    assertNone(spans().flatMap(span -> names.complaints(span).stream()).toList());
  }

  @Test
  void everyPathInBackticksLeadsSomewhere() {
    PathNames paths = PathNames.of(REPOSITORY);
    assertNone(spans().flatMap(span -> paths.complaints(span).stream()).toList());
  }

  @Test
  void everySetterInBackticksIsThere() {
    assertNone(spans().flatMap(span -> Setters.complaints(span).stream()).toList());
  }

  @Test
  void noParameterOrScheduleInBackticksIsMisspelt() {
    List<Spelling> all = List.of(Spelling.ofParams(), Spelling.ofSchedules());
    assertNone(
        spans().flatMap(span -> all.stream().flatMap(of -> of.complaints(span).stream())).toList());
  }

  @Test
  void everyMetricInBackticksIsRegistered() {
    MetricNames metrics = MetricNames.of(sources);
    assertNone(spans().flatMap(span -> metrics.complaints(span).stream()).toList());
  }

  @Test
  void everyLinkLeadsSomewhere() {
    Links links = Links.of(REPOSITORY, PAGES);
    assertNone(PAGES.stream().flatMap(page -> links.complaints(page).stream()).toList());
  }
}
