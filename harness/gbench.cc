/*
 * The C++ behind gbench.h: all of it that touches Google Benchmark.
 *
 * SPDX-License-Identifier: MIT
 */
#include "gbench.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <new>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace {

/* The command prints the progress of a launch itself. */
class SilentReporter : public benchmark::BenchmarkReporter {
public:
	bool ReportContext(const Context &) override { return true; }
	void ReportRuns(const std::vector<Run> &) override {}
};

benchmark::BenchmarkReporter::Run run_of(const struct gbench_row &row)
{
	benchmark::BenchmarkReporter::Run run;

	run.run_name.function_name = row.name;
	run.run_type = benchmark::BenchmarkReporter::Run::RT_Iteration;
	run.iterations = 1;
	run.threads = row.threads;
	run.repetition_index = row.repetition;
	run.repetitions = row.repetitions;
	run.time_unit = benchmark::kNanosecond;
	/*
	 * cpu_time equals real_time, so that whichever a reader compares, launches meet launches.
	 */
	run.real_accumulated_time = row.ns_per_op * 1e-9;
	run.cpu_accumulated_time = run.real_accumulated_time;
	return run;
}

/* One call of ReportRuns for the rows of each point. */
void report_rows(benchmark::BenchmarkReporter &reporter, const struct gbench_row *rows,
		 unsigned nr)
{
	for (unsigned i = 0; i < nr;) {
		std::vector<benchmark::BenchmarkReporter::Run> runs;
		const std::string name = rows[i].name;

		for (; i < nr && name == rows[i].name; i++)
			runs.push_back(run_of(rows[i]));
		reporter.ReportRuns(runs);
	}
	reporter.Finalize();
}

size_t longest_name(const struct gbench_row *rows, unsigned nr)
{
	size_t longest = 0;

	for (unsigned i = 0; i < nr; i++)
		longest = std::max(longest, std::string(rows[i].name).size());
	return longest;
}

/* The library's table without its notes on the machine: the report has its own. */
class Table : public benchmark::ConsoleReporter {
public:
	explicit Table(size_t name_width) : ConsoleReporter(OO_None)
	{
		name_field_width_ = name_width;
	}
};

} // namespace

/* The library takes defaults from BENCHMARK_* of the environment: here they would ask twice. */
static void ignore_environment()
{
	/* static: the library keeps the first word. */
	static std::vector<std::string> words = {
		"krefbench", "--benchmark_repetitions=1", "--benchmark_list_tests=false",
		"--benchmark_enable_random_interleaving=false", "--benchmark_min_warmup_time=0",
		"--benchmark_out=",
	};
	std::vector<char *> arguments;
	int n = static_cast<int>(words.size());

	for (std::string &word : words)
		arguments.push_back(&word[0]);
	arguments.push_back(nullptr);
	benchmark::Initialize(&n, arguments.data());
}

int gbench_run(const char *const *names, unsigned nr, gbench_measure measure, void *context)
try {
	SilentReporter reporter;
	bool failed = false;

	ignore_environment();
	for (unsigned i = 0; i < nr; i++) {
		auto body = [=, &failed](benchmark::State &state) {
			double ns_per_op;

			if (failed || measure(context, i, &ns_per_op)) {
				failed = true;
				state.SkipWithError("not measured");
				return;
			}
			for (auto _ : state)
				state.SetIterationTime(ns_per_op * 1e-9);
		};

		benchmark::RegisterBenchmark(names[i], body)->Iterations(1)->UseManualTime();
	}
	benchmark::RunSpecifiedBenchmarks(&reporter, ".");
	benchmark::ClearRegisteredBenchmarks();
	return 0;
} catch (const std::bad_alloc &) {
	return -ENOMEM;
}

void gbench_context(const char *key, const char *value)
{
	benchmark::AddCustomContext(key, value);
}

namespace {

int write_rows(const char *path, const struct gbench_row *rows, unsigned nr)
try {
	benchmark::JSONReporter reporter;
	std::ofstream file(path);

	if (!file)
		return -errno;
	reporter.SetOutputStream(&file);
	reporter.SetErrorStream(&std::cerr);
	if (!reporter.ReportContext(benchmark::BenchmarkReporter::Context()))
		return -EIO;
	report_rows(reporter, rows, nr);
	file.close();
	return file ? 0 : -EIO;
} catch (const std::bad_alloc &) {
	return -ENOMEM;
}

} // namespace

/* In a process of its own: where the library cannot read what it wants of /sys it calls exit(EXIT_FAILURE). */
int gbench_write(const char *path, const struct gbench_row *rows, unsigned nr)
{
	int status = 0;
	pid_t pid, ended;

	fflush(nullptr);
	pid = fork();
	if (!pid)
		_exit(-write_rows(path, rows, nr));
	do
		ended = pid < 0 ? -1 : waitpid(pid, &status, 0);
	while (ended < 0 && pid > 0 && errno == EINTR);
	if (ended < 0)
		return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) != EXIT_FAILURE ? -WEXITSTATUS(status) : -EIO;
}

void gbench_print(const struct gbench_row *rows, unsigned nr, int on_stderr)
{
	Table table(longest_name(rows, nr));
	std::ostream &out = on_stderr ? std::cerr : std::cout;

	table.SetOutputStream(&out);
	table.SetErrorStream(&std::cerr);
	report_rows(table, rows, nr);
	out.flush();
}
