//! What is reported about an instance when it is through.

mod write_summary_report;

pub(crate) use write_summary_report::WriteSummaryReport;
